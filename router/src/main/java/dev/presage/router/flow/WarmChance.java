package dev.presage.router.flow;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.Round;
import java.util.Set;

/**
 * Whether a request that has room would have its first token sooner by waiting for a full endpoint that holds more of its prompt. Both are
 * predicted: the TTFT on the full one includes what is in front of it there. Where either is unknown nobody waits. Pure.
 */
final class WarmChance {
    private static final String ROLE = "llm-d.ai/role";

    private WarmChance() {}

    /** What a request sees that may go to {@code room}; it may be held for {@code mostMs}, 0 for never. */
    static Sight of(Round round, Set<String> room, double mostMs) {
        if (mostMs <= 0 || room.size() == round.size()) {
            return new Sight.Room(room);
        }
        int best = best(round, room, true, -1);
        int warm = best < 0 ? -1 : best(round, room, false, round.candidates().cachedTokens(best));
        return warm < 0 || round.ttftMs(warm) >= round.ttftMs(best)
                ? new Sight.Room(room)
                : new Sight.Warm(
                        room,
                        round.state(warm).endpoint().id(),
                        round.ttftMs(best) - round.ttftMs(warm),
                        ownMs(round, warm),
                        mostMs);
    }

    /** The lowest predicted TTFT of those with room, or of those without, that hold more than so many tokens; -1 for none. */
    private static int best(Round round, Set<String> room, boolean with, int moreThan) {
        int best = -1;
        for (int i = 0; i < round.size(); i++) {
            if (room.contains(round.state(i).endpoint().id()) == with
                    && round.candidates().cachedTokens(i) > moreThan
                    && round.predicted(i)
                    && !"prefill".equals(round.label(i, ROLE))
                    && (best < 0 || round.ttftMs(i) < round.ttftMs(best))) {
                best = i;
            }
        }
        return best;
    }

    /** Its prefill takes its share of the work that is in front of its first token. */
    private static double ownMs(Round round, int candidate) {
        double pending = round.candidates().get(candidate, Feature.PENDING_TOKENS);
        double own = round.candidates().get(candidate, Feature.UNCACHED_TOKENS);
        return round.ttftMs(candidate) * own / Math.max(1, pending + own);
    }
}
