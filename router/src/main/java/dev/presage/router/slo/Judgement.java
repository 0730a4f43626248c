package dev.presage.router.slo;

import dev.presage.router.observe.Outcome;
import dev.presage.router.request.LatencyTargets;
import org.jspecify.annotations.Nullable;

/**
 * One request held against an SLO's bounds.
 *
 * @param ttft whether its TTFT was within
 * @param tpot whether its TPOT was within
 */
record Judgement(Verdict ttft, Verdict tpot) {
    enum Verdict {
        WITHIN,
        OVER,
        /** There is no bound, or the time cannot be known: of a reply that is not streamed, or has one token. */
        UNKNOWN
    }

    static final Judgement UNKNOWN = new Judgement(Verdict.UNKNOWN, Verdict.UNKNOWN);

    /**
     * A reply of the fleet's own fault misses every bound. One that is the client's, or that ended with the router, says
     * nothing; but who left without a token after the bound had passed, waited too long.
     *
     * @param bounds what the request counts against
     */
    static Judgement of(Outcome outcome, LatencyTargets bounds) {
        return switch (outcome.cause()) {
            case UPSTREAM_ERROR, EVICTED -> missed(bounds);
            case ROUTER_SHUTDOWN -> UNKNOWN;
            case CLIENT_DISCONNECT ->
                outcome.ttftMs() == null && outcome.e2eMs() > bounds.ttftMs()
                        ? new Judgement(Verdict.OVER, Verdict.UNKNOWN)
                        : measured(outcome, bounds);
            case COMPLETED -> {
                int status = outcome.httpStatus();
                if (status >= 500 || status == 429) {
                    yield missed(bounds);
                }
                yield status >= 300 ? UNKNOWN : measured(outcome, bounds);
            }
        };
    }

    /** The request was not served at all. */
    static Judgement missed(LatencyTargets bounds) {
        return new Judgement(
                bounds.ttftMs() < Double.POSITIVE_INFINITY ? Verdict.OVER : Verdict.UNKNOWN,
                bounds.tpotMs() < Double.POSITIVE_INFINITY ? Verdict.OVER : Verdict.UNKNOWN);
    }

    private static Judgement measured(Outcome outcome, LatencyTargets bounds) {
        return new Judgement(within(outcome.ttftMs(), bounds.ttftMs()), within(outcome.tpotMs(), bounds.tpotMs()));
    }

    private static Verdict within(@Nullable Double ms, double bound) {
        if (ms == null || bound == Double.POSITIVE_INFINITY) {
            return Verdict.UNKNOWN;
        }
        return ms <= bound ? Verdict.WITHIN : Verdict.OVER;
    }

    boolean counts() {
        return ttft != Verdict.UNKNOWN || tpot != Verdict.UNKNOWN;
    }
}
