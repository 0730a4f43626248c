package dev.presage.router.pick;

/**
 * How much a learned policy explores, and how much harm that may do: with probability {@code share} it draws among the
 * candidates whose cost is within {@code maxExtraMs} and {@code maxExtraRatio} of the best.
 */
public record Exploration(double share, double maxExtraMs, double maxExtraRatio) {
    public static final Exploration NONE = new Exploration(0, 0, 0);
    public static final Exploration DEFAULT = new Exploration(0.02, 50, 0.10);

    public Exploration {
        if (!(share >= 0 && share <= 0.5)) {
            throw new IllegalArgumentException("exploration share " + share + " outside 0..0.5");
        }
        if (!(maxExtraMs >= 0 && maxExtraRatio >= 0)) {
            throw new IllegalArgumentException(
                    "exploration bounds " + maxExtraMs + " ms, " + maxExtraRatio + " must be at least 0");
        }
    }

    boolean admits(double cost, double best) {
        return cost <= best + maxExtraMs && cost <= best * (1 + maxExtraRatio);
    }
}
