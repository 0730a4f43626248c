package dev.presage.router.plugin;

import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.request.LatencyTargets;

/** What is asked for, by the client or by the SLO that holds, in milliseconds as the contract has it: 0 for nothing. */
public record Slo(double ttftMs, double tpotMs) {
    public static Slo of(CandidateMatrix candidates) {
        LatencyTargets asked = LatencyTargets.asked(candidates.request().headers());
        LatencyTargets targets = asked.orElse(candidates.aim().targets());
        return new Slo(zeroForNone(targets.ttftMs()), zeroForNone(targets.tpotMs()));
    }

    private static double zeroForNone(double ms) {
        return ms == Double.POSITIVE_INFINITY ? 0 : ms;
    }

    public boolean any() {
        return ttftMs > 0 || tpotMs > 0;
    }
}
