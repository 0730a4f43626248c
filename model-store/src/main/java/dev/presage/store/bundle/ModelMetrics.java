package dev.presage.store.bundle;

import java.util.List;

/** How well a predictor did on data later than it was trained on: overall, and per slice (endpoint class, prompt length and the like). */
public record ModelMetrics(Slice overall, List<Slice> slices) {
    public ModelMetrics {
        slices = List.copyOf(slices);
    }

    /** One slice of the evaluation data, named for people, such as {@code class=h100}. */
    public record Slice(String name, Accuracy ttft, Accuracy tpot) {
        public Slice {
            if (name.isBlank()) {
                throw new IllegalArgumentException("a slice of the metrics has no name");
            }
        }
    }

    /**
     * Accuracy for one target.
     *
     * @param count evaluated samples; with 0 the other figures mean nothing
     * @param medianApe median of |predicted - actual| / actual, 0.1 for 10 %
     * @param medianApeLow lower end of its 95 % interval
     * @param medianApeHigh upper end
     * @param coverage share of actual values not above each predicted quantile, in the order of the bundle's quantiles
     * @param pinball mean pinball loss over those quantiles, milliseconds
     */
    public record Accuracy(
            long count,
            double medianApe,
            double medianApeLow,
            double medianApeHigh,
            List<Double> coverage,
            double pinball) {
        /** For a target or a slice that no sample tells about. */
        public static final Accuracy NONE = new Accuracy(0, 0, 0, 0, List.of(), 0);

        public Accuracy {
            coverage = List.copyOf(coverage);
            if (count < 0) {
                throw new IllegalArgumentException("evaluated samples " + count + " must not be negative");
            }
            if (!(medianApe >= 0 && medianApe < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("median APE " + medianApe + " must be finite and not negative");
            }
            if (!(medianApeLow >= 0 && medianApeLow <= medianApe && medianApe <= medianApeHigh)
                    || medianApeHigh == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "median APE " + medianApe + " outside its own interval " + medianApeLow + ".." + medianApeHigh);
            }
            if (!(pinball >= 0 && pinball < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("pinball loss " + pinball + " must be finite and not negative");
            }
            for (double share : coverage) {
                if (!(share >= 0 && share <= 1)) {
                    throw new IllegalArgumentException("coverage " + share + " outside 0..1");
                }
            }
        }
    }
}
