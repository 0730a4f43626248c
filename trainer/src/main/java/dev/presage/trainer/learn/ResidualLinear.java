package dev.presage.trainer.learn;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictor;
import dev.presage.store.proto.Linear;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.MutableDataset;
import org.tribuo.Trainer;
import org.tribuo.common.sgd.AbstractSGDTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.sgd.linear.LinearSGDModel;
import org.tribuo.regression.sgd.linear.LinearSGDTrainer;
import org.tribuo.regression.sgd.objectives.Huber;

/**
 * The linear alternative to the forest on the same residuals, {@code log(actual / work)}: stochastic gradient descent with Tribuo's AdaGrad
 * on the Huber loss. It goes on from the weights of the last model: what is learned is how the residuals differ from what those say, so
 * that one pass over the window is enough. Monotone in load features like the forest: a column whose weight says otherwise is left out.
 */
final class ResidualLinear {
    private static final int COLUMNS = FeatureSchema.SIZE + Predictor.DERIVED;
    private static final int LOG_WORK = FeatureSchema.SIZE;
    /** Residuals are learned from up to here, and no row is corrected by more. */
    static final double MOST = 1.5;

    private static final double HUBER = 0.25;
    private static final double LEARNING_RATE = 0.01;
    private static final double EPSILON = 1e-6;
    /** Samples that a first training looks at, passing several times over a small window; one that goes on passes once. */
    private static final int STEPS = 20_000;

    private static final int MOST_PASSES = 20;
    /** Trainings that may be needed until no load column weighs less than nothing; what is left then weighs nothing. */
    private static final int ROUNDS = 3;
    /** Work to the power of 1 and this still rises with the work. */
    private static final double LEAST_OF_LOG_WORK = -0.9;

    private static final boolean[] LOAD = columns(Feature::isLoad);
    /** Names are no amounts, and cannot be weighed. */
    private static final boolean[] CATEGORY = columns(Feature::isCategory);

    private static final String[] NAMES = names();

    /** Kept here, as a logger that nobody holds forgets its level. Each training tells what every other one does. */
    private static final Logger LIBRARY = Logger.getLogger(AbstractSGDTrainer.class.getName());

    static {
        LIBRARY.setLevel(Level.WARNING);
    }

    private final float[][] wide;
    private final TrainerSettings settings;
    private final double[] mean = new double[COLUMNS];
    private final double[] deviation = new double[COLUMNS];

    private ResidualLinear(float[][] wide, TrainerSettings settings) {
        this.wide = wide;
        this.settings = settings;
        for (int column = 0; column < COLUMNS; column++) {
            double sum = 0;
            double squares = 0;
            for (float[] row : wide) {
                sum += row[column];
                squares += (double) row[column] * row[column];
            }
            mean[column] = sum / wide.length;
            deviation[column] = Math.sqrt(Math.max(0, squares / wide.length - mean[column] * mean[column]));
        }
    }

    /**
     * Trains on rows of {@code SIZE + DERIVED} columns against the residuals.
     *
     * @param last what the last model had; the default instance for a first training
     */
    static Linear train(float[][] wide, double[] residuals, Linear last, TrainerSettings settings) {
        return new ResidualLinear(wide, settings).fit(residuals, last);
    }

    private Linear fit(double[] residuals, Linear last) {
        double[] start = new double[COLUMNS];
        double bias = last.getBias();
        if (last.getWeightsCount() == COLUMNS) {
            Arrays.setAll(start, last::getWeights);
        } else {
            bias = 0;
        }
        int passes = last.getWeightsCount() == COLUMNS ? 1 : Math.clamp(STEPS / wide.length, 1, MOST_PASSES);
        BitSet used = new BitSet();
        for (int column = 0; column < COLUMNS; column++) {
            if (!CATEGORY[column] && deviation[column] > 1e-9 * Math.abs(mean[column])) {
                used.set(column);
            } else {
                start[column] = 0;
            }
        }
        for (int round = 0; ; round++) {
            double[] fitted = descend(residuals, start, bias, used, passes);
            BitSet wrong = wrong(fitted);
            if (wrong.isEmpty() || round == ROUNDS - 1) {
                return centred(fitted, wrong, residuals);
            }
            used.andNot(wrong);
            wrong.stream().forEach(column -> start[column] = 0);
        }
    }

    /** Weights per unit of each column, after one more descent from {@code start}. */
    private double[] descend(double[] residuals, double[] start, double bias, BitSet used, int passes) {
        if (used.isEmpty()) {
            return start.clone();
        }
        RegressionFactory factory = new RegressionFactory();
        MutableDataset<Regressor> data =
                new MutableDataset<>(new SimpleDataSourceProvenance("presage samples", factory), factory);
        int[] columns = used.stream().toArray();
        String[] names =
                Arrays.stream(columns).mapToObj(column -> NAMES[column]).toArray(String[]::new);
        for (int i = 0; i < wide.length; i++) {
            double[] values = new double[columns.length];
            double left = residuals[i] - bias;
            for (int k = 0; k < columns.length; k++) {
                int column = columns[k];
                values[k] = (wide[i][column] - mean[column]) / deviation[column];
                left -= start[column] * wide[i][column];
            }
            data.add(new ArrayExample<>(new Regressor("residual", left), names, values));
        }
        Trainer<Regressor> trainer = new LinearSGDTrainer(
                new Huber(HUBER), new AdaGrad(LEARNING_RATE, EPSILON), passes, Integer.MAX_VALUE, 1, settings.seed());
        DenseMatrix weights = ((LinearSGDModel) trainer.train(data, Map.of())).getWeightsCopy();
        double[] fitted = start.clone();
        for (int k = 0; k < columns.length; k++) {
            // Tribuo numbers the features by their names, which ascend with the columns; the bias is behind them.
            fitted[columns[k]] += weights.get(0, k) / deviation[columns[k]];
        }
        return fitted;
    }

    private static BitSet wrong(double[] fitted) {
        BitSet wrong = new BitSet();
        for (int column = 0; column < COLUMNS; column++) {
            if (LOAD[column] && fitted[column] < 0) {
                wrong.set(column);
            }
        }
        return wrong;
    }

    /** With the bias that leaves the median residual at 0, because columns may have been left out. */
    private Linear centred(double[] fitted, BitSet wrong, double[] residuals) {
        wrong.stream().forEach(column -> fitted[column] = 0);
        fitted[LOG_WORK] = Math.max(LEAST_OF_LOG_WORK, fitted[LOG_WORK]);
        double[] left = residuals.clone();
        for (int i = 0; i < left.length; i++) {
            for (int column = 0; column < COLUMNS; column++) {
                left[i] -= fitted[column] * wide[i][column];
            }
        }
        Arrays.sort(left);
        Linear.Builder linear =
                Linear.newBuilder().setBias(left[left.length / 2]).setMost(MOST);
        Arrays.stream(fitted).forEach(linear::addWeights);
        return linear.build();
    }

    private static boolean[] columns(Predicate<Feature> kind) {
        boolean[] columns = new boolean[COLUMNS];
        for (Feature feature : Feature.values()) {
            columns[feature.ordinal()] = kind.test(feature);
        }
        return columns;
    }

    private static String[] names() {
        String[] names = new String[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            names[i] = String.format("f%02d", i);
        }
        return names;
    }
}
