package dev.presage.router.predict;

import dev.presage.router.request.LatencyTargets;

/**
 * What the pick of one request is to keep, from the client's headers and the SLO that holds for it. Immutable.
 *
 * @param confidence a candidate meets the targets when the chance that it does is at least this
 * @param placement which of those that meet them is taken
 */
public record Aim(LatencyTargets targets, double confidence, Placement placement) {
    public static final double DEFAULT_CONFIDENCE = 0.5;

    /** Nothing. */
    public static final Aim NONE = new Aim(LatencyTargets.NONE, DEFAULT_CONFIDENCE, Placement.CHEAPEST);

    public Aim {
        if (!(confidence >= 0.5 && confidence <= 0.99)) {
            throw new IllegalArgumentException("confidence " + confidence + " outside 0.5..0.99");
        }
    }

    /** The same way of picking, for these targets. */
    public Aim at(LatencyTargets others) {
        return new Aim(others, confidence, placement);
    }
}
