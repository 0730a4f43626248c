package dev.presage.testbed.lab;

import dev.presage.router.program.Stay;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Counts a run of agents: what was computed again that had been computed before, and how long programs took. */
final class AgentTally implements FlowTally {
    private final Map<Integer, Integer> known = new HashMap<>();
    private final DoubleStream.Builder ttft = DoubleStream.builder();
    private final DoubleStream.Builder took = DoubleStream.builder();
    private final Map<Stay, Long> stays = new EnumMap<>(Stay.class);
    private final Map<Integer, Stay> stayOf = new HashMap<>();
    private final Map<Stay, Long> againBy = new EnumMap<>(Stay.class);
    private long computed;
    private long again;
    private int programs;
    private int turnedAway;
    private double lastMs;

    /**
     * @param programs that came to their end
     * @param again share of the computed prompt tokens that had been computed for the program before
     * @param programMs from a program's first request to its last answer
     * @param lastMs when the last program ended
     * @param againBy tokens that were computed again, by whether the step went where its program was
     */
    record Result(
            int programs,
            int turnedAway,
            double again,
            Summary ttftMs,
            Summary programMs,
            double lastMs,
            Map<Stay, Long> stays,
            Map<Stay, Long> againBy) {}

    /** A step comes that begins with so many tokens of the one before. */
    void step(int position, int knownTokens) {
        known.put(position, knownTokens);
    }

    void programEnded(double tookMs, double nowMs) {
        programs++;
        took.add(tookMs);
        lastMs = nowMs;
    }

    @Override
    public void stayed(Arrival arrival, Stay stay) {
        stays.merge(stay, 1L, Long::sum);
        stayOf.put(arrival.request().position(), stay);
    }

    @Override
    public void turnedAway(Arrival arrival) {
        turnedAway++;
    }

    @Override
    public void firstToken(Arrival arrival, int cachedTokens, double nowMs) {
        Integer before = known.remove(arrival.request().position());
        computed += arrival.request().promptTokens() - cachedTokens;
        long lost = Math.max(0, (before == null ? 0 : before) - cachedTokens);
        again += lost;
        Stay stay = stayOf.remove(arrival.request().position());
        if (lost > 0 && stay != null) {
            againBy.merge(stay, lost, Long::sum);
        }
        ttft.add(nowMs - arrival.atMs());
    }

    Result result() {
        return new Result(
                programs,
                turnedAway,
                computed == 0 ? 0 : (double) again / computed,
                Summary.of(ttft.build().toArray()),
                Summary.of(took.build().toArray()),
                lastMs,
                stays,
                againBy);
    }
}
