package dev.presage.router.flow;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Slo;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a request that has room does better to wait for a full endpoint that holds more of its prompt. What is gained is the difference of
 * the two predicted TTFTs, that on the full one with what is in front of it there, and the prefill that is saved once more, since those who
 * are at the cold one wait for it too. Who asks for a TTFT, or is more important than usual, waits for its own gain only. Where nothing is
 * predicted prompt tokens to be computed stand for milliseconds, in a hold's gain too, and only those wait who may wait for others. Pure.
 */
final class WarmChance {
    private static final String ROLE = "llm-d.ai/role";

    private WarmChance() {}

    /** What a request sees that may go to {@code room}; it may be held for {@code mostMs}, 0 for never. */
    static Sight of(Round round, Set<String> room, double mostMs) {
        if (mostMs <= 0 || room.size() == round.size()) {
            return new Sight.Room(room);
        }
        boolean forOthers =
                round.request().priority() <= 0 && Slo.of(round.candidates()).ttftMs() == 0;
        if (!forOthers && !round.anyPredicted()) {
            return new Sight.Room(room);
        }
        int best = best(round, room, true, -1);
        int warm = best < 0 ? -1 : best(round, room, false, round.candidates().cachedTokens(best));
        if (warm < 0) {
            return new Sight.Room(room);
        }
        double own = firstToken(round, best) - firstToken(round, warm);
        double gain = forOthers ? own + prefill(round, best) - prefill(round, warm) : own;
        return gain <= 0
                ? new Sight.Room(room)
                : new Sight.Warm(
                        room, round.state(warm).endpoint().id(), gain, prefill(round, warm), mostMs, !forOthers);
    }

    /**
     * The same for a request that should go to one full endpoint unless that takes longer than going elsewhere costs: its TTFT there, and
     * its own prefill once more, which those who are there wait for. Where nothing is predicted tokens stand for time.
     */
    static Optional<Sight> charging(Round round, Set<String> room, int home, double mostMs) {
        int best = round.anyPredicted() ? best(round, room, true, -1) : -1;
        String id = round.state(home).endpoint().id();
        if (best >= 0 && round.predicted(home)) {
            double gain = round.ttftMs(best) + ownMs(round, best) - round.ttftMs(home);
            return held(room, id, gain, ownMs(round, home), mostMs);
        }
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < round.size(); i++) {
            if (room.contains(round.state(i).endpoint().id())) {
                least = Math.min(least, round.candidates().tokensAhead(i, 2));
            }
        }
        return held(room, id, least > round.candidates().tokensAhead(home, 1) ? mostMs : 0, 0, mostMs);
    }

    private static Optional<Sight> held(Set<String> room, String id, double gainMs, double ownMs, double mostMs) {
        return gainMs > 0 && mostMs > 0
                ? Optional.of(new Sight.Warm(room, id, gainMs, ownMs, mostMs, false))
                : Optional.empty();
    }

    /** The earliest first token of those with room, or of those without, that hold more than so many tokens; -1 for none. */
    private static int best(Round round, Set<String> room, boolean with, int moreThan) {
        int best = -1;
        for (int i = 0; i < round.size(); i++) {
            if (room.contains(round.state(i).endpoint().id()) == with
                    && round.candidates().cachedTokens(i) > moreThan
                    && round.predicted(i) == round.anyPredicted()
                    && !"prefill".equals(round.label(i, ROLE))
                    && (best < 0 || firstToken(round, i) < firstToken(round, best))) {
                best = i;
            }
        }
        return best;
    }

    /** Milliseconds; tokens where it is not predicted. */
    private static double firstToken(Round round, int candidate) {
        return round.predicted(candidate)
                ? round.ttftMs(candidate)
                : round.candidates().tokensAhead(candidate, 1);
    }

    /** Of it what the request's own prefill takes. */
    private static double prefill(Round round, int candidate) {
        return round.predicted(candidate)
                ? ownMs(round, candidate)
                : round.candidates().get(candidate, Feature.UNCACHED_TOKENS);
    }

    private static double ownMs(Round round, int candidate) {
        return round.candidates().ownMs(candidate, round.ttftMs(candidate));
    }
}
