package dev.presage.router.plugin;

import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.LatencyTargets;

/** What is asked for, by the client or by the SLO that holds, in milliseconds as the contract has it: 0 for nothing. */
public record Slo(double ttftMs, double tpotMs) {
    /** What the pick is to keep. */
    public static Slo of(CandidateMatrix candidates) {
        LatencyTargets asked = LatencyTargets.asked(candidates.request().headers());
        return of(asked.orElse(candidates.aim().targets()));
    }

    /** What the client itself asks for. */
    public static Slo of(InferenceRequest request) {
        return of(LatencyTargets.asked(request.headers()));
    }

    private static Slo of(LatencyTargets targets) {
        return new Slo(zeroForNone(targets.ttftMs()), zeroForNone(targets.tpotMs()));
    }

    private static double zeroForNone(double ms) {
        return ms == Double.POSITIVE_INFINITY ? 0 : ms;
    }

    public boolean any() {
        return ttftMs > 0 || tpotMs > 0;
    }
}
