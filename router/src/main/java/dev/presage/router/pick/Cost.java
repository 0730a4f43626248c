package dev.presage.router.pick;

import dev.presage.router.predict.CandidateMatrix;
import dev.presage.store.predict.Predictions;

/** What a learned pick makes small. */
@FunctionalInterface
public interface Cost {
    /** Milliseconds that each candidate would cost, in the matrix's order. */
    double[] costs(CandidateMatrix candidates, Predictions predictions);

    /** How a choice of this candidate stands to the request's targets, for costs that look at them. */
    default TargetStanding standing(CandidateMatrix candidates, Predictions predictions, int candidate) {
        return TargetStanding.NONE;
    }
}
