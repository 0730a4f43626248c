package dev.presage.testbed.lab;

import dev.presage.router.flow.Hold;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Counts a run for its prefix hits: requests that come from {@code fromMs} to {@code toMs}. */
final class HotspotTally implements FlowTally {
    private final double fromMs;
    private final double toMs;
    private final DoubleStream.Builder ttft = DoubleStream.builder();
    private final DoubleStream.Builder held = DoubleStream.builder();
    private final Map<Hold.End, Integer> holds = new EnumMap<>(Hold.End.class);
    private int arrived;
    private int turnedAway;
    private long promptTokens;
    private long cachedTokens;

    /**
     * @param hitRate share of prompt tokens that the engines found cached, of first tokens in that time, whenever their requests came
     * @param holds how many requests were held, by how that ended
     */
    record Result(
            int arrived,
            int turnedAway,
            double hitRate,
            Summary ttftMs,
            Summary heldMs,
            Map<Hold.End, Integer> holds) {}

    HotspotTally(double fromMs, double toMs) {
        this.fromMs = fromMs;
        this.toMs = toMs;
    }

    private boolean counts(Arrival arrival) {
        return arrival.atMs() >= fromMs && arrival.atMs() < toMs;
    }

    @Override
    public void arrived(Arrival arrival) {
        arrived += counts(arrival) ? 1 : 0;
    }

    @Override
    public void held(Hold.End end, double heldMs) {
        held.add(heldMs);
        holds.merge(end, 1, Integer::sum);
    }

    @Override
    public void turnedAway(Arrival arrival) {
        turnedAway += counts(arrival) ? 1 : 0;
    }

    @Override
    public void firstToken(Arrival arrival, int cached, double nowMs) {
        if (nowMs >= fromMs && nowMs < toMs) {
            promptTokens += arrival.request().promptTokens();
            cachedTokens += cached;
        }
        if (counts(arrival)) {
            ttft.add(nowMs - arrival.atMs());
        }
    }

    Result result() {
        return new Result(
                arrived,
                turnedAway,
                promptTokens == 0 ? 0 : (double) cachedTokens / promptTokens,
                Summary.of(ttft.build().toArray()),
                Summary.of(held.build().toArray()),
                Map.copyOf(holds));
    }
}
