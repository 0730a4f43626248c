package dev.presage.store.predict;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.proto.ClassCoefficients;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.Forest;
import dev.presage.store.proto.TargetModel;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Predicts TTFT and TPOT for a batch of (request, endpoint) feature rows: {@code location = work * exp(linear + forest)}, quantile
 * {@code = location * exp(offset of its slice)}. The work model carries the physics and extrapolates; linear part and forest learn what
 * the physics leaves out; the calibration says how far to trust them. Immutable and thread-safe.
 */
public final class Predictor {
    /** Version of {@link CompiledPredictor} that is written. */
    public static final int FORMAT = 3;

    /** The oldest version that is read; it had no linear part. */
    private static final int OLDEST_FORMAT = 2;

    /** Columns behind the feature row that the predictor fills itself: log of the work, slowness of the class. */
    public static final int DERIVED = 2;

    private static final int UNSEEN = -1;
    private static final int WIDTH = FeatureSchema.SIZE + DERIVED;
    private static final boolean[] OF_REQUEST = new boolean[FeatureSchema.SIZE];

    static {
        for (Feature feature : Feature.values()) {
            OF_REQUEST[feature.ordinal()] = feature.scope() == Feature.Scope.REQUEST;
        }
    }

    private final Map<String, Integer> classes = new HashMap<>();
    private final List<String> names;
    private final double[] quantiles;
    private final WorkEvaluator[] work = new WorkEvaluator[Target.values().length];
    private final @Nullable LinearEvaluator[] linear = new LinearEvaluator[Target.values().length];
    private final ForestEvaluator[] forest = new ForestEvaluator[Target.values().length];
    private final @Nullable PairTables[] tables = new PairTables[Target.values().length];
    /** Of both targets, so that a row is looked at once; the derived columns are a target's own. */
    private final ColumnBins @Nullable [] bins;

    private final @Nullable LogarithmBins[] logWorkBins = new LogarithmBins[Target.values().length];

    /** By target and class index plus one. */
    private final short[][] slownessBins = new short[Target.values().length][];

    private final CalibrationTable[] calibration = new CalibrationTable[Target.values().length];
    private final SupportBox support;
    private final OutputLengths lengths;

    private Predictor(CompiledPredictor model) {
        quantiles = model.getQuantilesList().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        for (int i = 0; i < quantiles.length; i++) {
            if (!(quantiles[i] > 0 && quantiles[i] < 1) || (i > 0 && quantiles[i] <= quantiles[i - 1])) {
                throw new IllegalArgumentException("quantile " + quantiles[i] + " must ascend within (0, 1)");
            }
        }
        Set<String> known = new LinkedHashSet<>();
        for (TargetModel target : List.of(model.getTtft(), model.getTpot())) {
            target.getWork().getClassesList().stream()
                    .map(ClassCoefficients::getEndpointClass)
                    .forEach(known::add);
        }
        names = List.copyOf(known);
        names.forEach(name -> classes.put(name, classes.size()));
        for (Target target : Target.values()) {
            TargetModel part = part(model, target);
            work[target.ordinal()] = new WorkEvaluator(part.getWork(), names);
            linear[target.ordinal()] = part.hasLinear() ? new LinearEvaluator(part.getLinear()) : null;
            forest[target.ordinal()] = new ForestEvaluator(part.getForest(), WIDTH);
            calibration[target.ordinal()] = new CalibrationTable(part.getCalibration(), quantiles.length);
        }
        support = new SupportBox(model.getSupportHighList());
        lengths = new OutputLengths(model.getLength(), quantiles.length);
        bins = ColumnBins.of(
                        List.of(model.getTtft().getForest(), model.getTpot().getForest()), WIDTH)
                .orElse(null);
        for (Target target : Target.values()) {
            if (bins == null) {
                continue;
            }
            Forest own = part(model, target).getForest();
            ColumnBins[] columns = bins.clone();
            ColumnBins[] alone = ColumnBins.of(List.of(own), WIDTH).orElseThrow();
            System.arraycopy(alone, FeatureSchema.SIZE, columns, FeatureSchema.SIZE, DERIVED);
            tables[target.ordinal()] = PairTables.of(own, columns).orElse(null);
            logWorkBins[target.ordinal()] = new LogarithmBins(columns[FeatureSchema.SIZE]);
            slownessBins[target.ordinal()] = slownessBins(work[target.ordinal()], columns[FeatureSchema.SIZE + 1]);
        }
    }

    private short[] slownessBins(WorkEvaluator evaluator, ColumnBins column) {
        short[] binned = new short[classes.size() + 1];
        for (int index = UNSEEN; index < classes.size(); index++) {
            binned[index + 1] = (short) column.of((float) evaluator.slowness(index));
        }
        return binned;
    }

    private static TargetModel part(CompiledPredictor model, Target target) {
        return target == Target.TTFT ? model.getTtft() : model.getTpot();
    }

    /** Checks and compiles; throws {@link IllegalArgumentException} naming what is wrong with the model. */
    public static Predictor compile(CompiledPredictor model) {
        if (model.getFormatVersion() < OLDEST_FORMAT || model.getFormatVersion() > FORMAT) {
            throw new IllegalArgumentException("predictor format " + model.getFormatVersion()
                    + " is outside the supported " + OLDEST_FORMAT + ".." + FORMAT);
        }
        int columns = FeatureSchema.columns(model.getFeatureSchema());
        if (columns < 0) {
            throw new IllegalArgumentException("feature schema " + model.getFeatureSchema()
                    + " of the model is not this build's " + FeatureSchema.HASH + " or an earlier one");
        }
        return new Predictor(EarlierSchema.widened(model, columns));
    }

    /** Index of an endpoint class for {@link #predict}; negative when the model never saw it. */
    public int classIndex(String endpointClass) {
        return classes.getOrDefault(endpointClass, UNSEEN);
    }

    /** Quantile levels, ascending. Do not modify. */
    public double[] quantiles() {
        return quantiles;
    }

    /**
     * Predicts {@code count} rows of {@link FeatureSchema#SIZE} columns each; {@code classIndex[i]} is row i's endpoint class.
     * The result is valid until the next call with the same {@code out}.
     */
    public void predict(float[] rows, int[] classIndex, int count, Predictions out) {
        out.reset(this, rows, classIndex, count);
        Batch batch = new Batch(count, WIDTH);
        for (int from = 0; from < count; from += batch.most) {
            int size = Math.min(batch.most, count - from);
            work(batch, rows, classIndex, from, size, out);
            if (bins != null) {
                bin(batch, bins, rows, from, size);
            }
            for (int target = 0; target < work.length; target++) {
                residuals(target, batch, rows, classIndex, from, size);
                addLinear(target, batch, rows, classIndex, from, size);
                for (int row = 0; row < size; row++) {
                    out.set(target, from + row, batch.work[target][row] * Exponential.of(batch.residual[row]));
                }
            }
        }
    }

    private void work(Batch batch, float[] rows, int[] classIndex, int from, int size, Predictions out) {
        for (int row = 0; row < size; row++) {
            int offset = (from + row) * FeatureSchema.SIZE;
            WorkTerm.all(rows, offset, batch.terms);
            for (int target = 0; target < work.length; target++) {
                double wholeMs = work[target].wholeMs(batch.terms, classIndex[from + row]);
                batch.work[target][row] = work[target].locationMs(wholeMs, rows, offset);
                out.whole(target, from + row, wholeMs);
            }
        }
    }

    /** The columns that both targets share. */
    private static void bin(Batch batch, ColumnBins[] bins, float[] rows, int from, int size) {
        for (int column = 0; column < FeatureSchema.SIZE; column++) {
            ColumnBins known = bins[column];
            if (known.count() > 1) {
                int at = from * FeatureSchema.SIZE + column;
                if (OF_REQUEST[column]) {
                    binOnce(known, batch.bins, column * batch.most, rows, at, size);
                } else {
                    known.of(rows, at, size, batch.bins, column * batch.most);
                }
            }
        }
    }

    /** Of a column that is the same in row after row. */
    private static void binOnce(ColumnBins known, short[] bins, int to, float[] rows, int at, int size) {
        float last = rows[at];
        short bin = (short) known.of(last);
        for (int row = 0; row < size; row++) {
            float value = rows[at + row * FeatureSchema.SIZE];
            if (value != last) {
                last = value;
                bin = (short) known.of(value);
            }
            bins[to + row] = bin;
        }
    }

    private void residuals(int target, Batch batch, float[] rows, int[] classIndex, int from, int size) {
        PairTables known = tables[target];
        LogarithmBins ofWork = logWorkBins[target];
        double[] workMs = batch.work[target];
        if (known == null || ofWork == null) {
            float[] wide = new float[WIDTH];
            for (int row = 0; row < size; row++) {
                System.arraycopy(rows, (from + row) * FeatureSchema.SIZE, wide, 0, FeatureSchema.SIZE);
                derive(target, wide, workMs[row], classIndex[from + row]);
                batch.residual[row] = forest[target].sum(wide, 0);
            }
            return;
        }
        int logWork = FeatureSchema.SIZE * batch.most;
        int slow = logWork + batch.most;
        for (int row = 0; row < size; row++) {
            batch.bins[logWork + row] = (short) ofWork.of(workMs[row]);
            batch.bins[slow + row] = slownessBins[target][classIndex[from + row] + 1];
        }
        known.sum(batch.bins, batch.most, size, batch.residual);
    }

    private void addLinear(int target, Batch batch, float[] rows, int[] classIndex, int from, int size) {
        LinearEvaluator known = linear[target];
        if (known == null) {
            return;
        }
        for (int row = 0; row < size; row++) {
            double slowness = work[target].slowness(classIndex[from + row]);
            batch.residual[row] += known.of(rows, (from + row) * FeatureSchema.SIZE, batch.work[target][row], slowness);
        }
    }

    /** Whether the row at {@code offset} is like what was learned from; see {@link SupportBox}. */
    public boolean inSupport(float[] rows, int offset) {
        return support.contains(rows, offset);
    }

    /** How long replies are. */
    public OutputLengths outputLengths() {
        return lengths;
    }

    /** Fills the derived columns of a row of {@code SIZE + DERIVED} and returns the work in milliseconds. */
    public double derive(Target target, float[] wide, int classIndex) {
        double[] terms = new double[WorkTerm.PLACES];
        WorkTerm.all(wide, 0, terms);
        WorkEvaluator evaluator = work[target.ordinal()];
        double workMs = evaluator.locationMs(evaluator.wholeMs(terms, classIndex), wide, 0);
        derive(target.ordinal(), wide, workMs, classIndex);
        return workMs;
    }

    private void derive(int target, float[] wide, double workMs, int classIndex) {
        wide[FeatureSchema.SIZE] = (float) Math.log(workMs);
        wide[FeatureSchema.SIZE + 1] = (float) work[target].slowness(classIndex);
    }

    /** What is left of a target's whole work, see {@link WorkEvaluator#locationMs}. */
    double leftMs(Target target, double wholeMs, float[] rows, int offset) {
        return work[target.ordinal()].locationMs(wholeMs, rows, offset);
    }

    CalibrationTable calibration(Target target) {
        return calibration[target.ordinal()];
    }

    /** The endpoint classes that were learned from. */
    public Set<String> classes() {
        return Set.copyOf(names);
    }

    /** The class of that index; empty for one never seen. */
    String className(int classIndex) {
        return classIndex < 0 ? "" : names.get(classIndex);
    }
}
