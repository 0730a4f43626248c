package dev.presage.router.pick;

import dev.presage.store.predict.Predictions;
import org.jspecify.annotations.Nullable;

/**
 * What a policy chose among the candidates of a matrix.
 *
 * @param policy the name of the policy that decided
 * @param candidate index of the chosen one
 * @param costs the policy's own figure per candidate, lower is better
 * @param propensity probability with which the policy chooses this candidate in this state
 * @param explored whether the choice was made to learn rather than to serve
 * @param predictions what the model said, also when it was only heard; null without one
 * @param bundleId the model's identity, empty without one
 * @param standing how it stands to the request's targets
 */
public record Choice(
        String policy,
        int candidate,
        double[] costs,
        double propensity,
        boolean explored,
        @Nullable Predictions predictions,
        String bundleId,
        TargetStanding standing) {

    public Choice {
        if (candidate < 0 || candidate >= costs.length) {
            throw new IllegalArgumentException("candidate " + candidate + " outside 0.." + (costs.length - 1));
        }
        if (!(propensity > 0 && propensity <= 1)) {
            throw new IllegalArgumentException("propensity " + propensity + " outside (0, 1]");
        }
    }

    /** A choice that does not look at targets. */
    public Choice(
            String policy,
            int candidate,
            double[] costs,
            double propensity,
            boolean explored,
            @Nullable Predictions predictions,
            String bundleId) {
        this(policy, candidate, costs, propensity, explored, predictions, bundleId, TargetStanding.NONE);
    }

    /** The same choice, with what a model says of the candidates though it did not decide. */
    public Choice judgedBy(Predictions said, String byBundleId) {
        return new Choice(policy, candidate, costs, propensity, explored, said, byBundleId, standing);
    }

    /** A choice made without a model. */
    public static Choice of(String policy, int candidate, double[] costs, double propensity) {
        return new Choice(policy, candidate, costs, propensity, false, null, "");
    }
}
