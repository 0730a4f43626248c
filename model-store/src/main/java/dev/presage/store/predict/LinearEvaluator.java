package dev.presage.store.predict;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.proto.Linear;
import java.util.stream.IntStream;

/** A linear part ready to evaluate: only the columns that weigh something are looked at. */
final class LinearEvaluator {
    private final double bias;
    private final double most;
    private final int[] columns;
    private final double[] weights;
    private final double ofLogWork;
    private final double ofSlowness;

    LinearEvaluator(Linear linear) {
        int width = FeatureSchema.SIZE + Predictor.DERIVED;
        if (linear.getWeightsCount() != width) {
            throw new IllegalArgumentException(linear.getWeightsCount() + " linear weights for " + width + " columns");
        }
        if (!(linear.getMost() >= 0 && linear.getMost() <= 5)) {
            throw new IllegalArgumentException("bound " + linear.getMost() + " of the linear part outside 0..5");
        }
        bias = finite(linear.getBias());
        most = linear.getMost();
        columns = IntStream.range(0, FeatureSchema.SIZE)
                .filter(column -> finite(linear.getWeights(column)) != 0)
                .toArray();
        weights = IntStream.of(columns).mapToDouble(linear::getWeights).toArray();
        ofLogWork = finite(linear.getWeights(FeatureSchema.SIZE));
        ofSlowness = finite(linear.getWeights(FeatureSchema.SIZE + 1));
    }

    private static double finite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("linear weight " + value + " must be finite");
        }
        return value;
    }

    /** What it adds to the logarithm of the work, for the row at {@code offset}. */
    double of(float[] rows, int offset, double workMs, double slowness) {
        double sum = bias + ofSlowness * slowness + (ofLogWork == 0 ? 0 : ofLogWork * Math.log(workMs));
        for (int i = 0; i < columns.length; i++) {
            sum += weights[i] * rows[offset + columns[i]];
        }
        return Math.clamp(sum, -most, most);
    }
}
