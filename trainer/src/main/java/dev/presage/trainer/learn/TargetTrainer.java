package dev.presage.trainer.learn;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.Calibration;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.Forest;
import dev.presage.store.proto.TargetModel;
import dev.presage.store.proto.WorkModel;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Learns one target. The window is cut in time: the earlier part trains, the later part decides how much of the forest to
 * use, calibrates and evaluates; then the work model, and of a small window the forest too, are fitted again on all of it, so that the
 * newest samples count.
 */
final class TargetTrainer {
    private static final double TRAINING_SHARE = 0.8;
    private static final double[] FOREST_SHARES = {0, 0.5, 1};

    /** From here on a fifth of the window calibrates well enough, and five trainings would cost more than they give. */
    private static final int CROSS_CONFORMAL_BELOW = 3_000;

    private static final int FOLDS = 5;

    /** From here on a quarter more samples would not change the forest, and half of the time of a training goes into the second one. */
    private static final int FOREST_IS_DONE_AT = 5_000;

    private final Target target;
    private final TrainerSettings settings;

    TargetTrainer(Target target, TrainerSettings settings) {
        this.target = target;
        this.settings = settings;
    }

    /** Trains on samples that all observed the target, in time order. */
    TargetFit train(TrainingSet window) {
        TrainingSet alike = target == Target.TTFT ? Strays.dropped(window) : window;
        TrainingSet recent = new Recency(target).recent(alike);
        TrainingSet data = Outliers.dropped(recent, target);
        int cut = (int) (data.size() * TRAINING_SHARE);
        TrainingSet earlier = data.slice(0, cut);
        TrainingSet later = data.slice(cut, data.size());
        WorkModel work = new WorkFit(target).fit(earlier);
        ResidualForest.Trained forest = forest(work, earlier);

        double bestShare = 0;
        double[] locations = new double[0];
        double best = Double.POSITIVE_INFINITY;
        Map<Double, Double> errors = new TreeMap<>();
        for (double share : FOREST_SHARES) {
            double[] candidate = locations(part(work, scaled(forest.forest(), share), flat()), later);
            double error = meanAbsoluteLog(candidate, later);
            errors.put(share, error);
            if (error < best) {
                best = error;
                bestShare = share;
                locations = candidate;
            }
        }
        Calibration calibration = data.size() < CROSS_CONFORMAL_BELOW
                ? crossConformal(data, bestShare)
                : ConformalCalibration.of(locations, residuals(locations, later), settings.quantiles());
        Map<String, Evaluation> evaluation = evaluate(work, scaled(forest.forest(), bestShare), later);

        WorkModel finalWork = new WorkFit(target).fit(data);
        ResidualForest.Trained finalForest =
                bestShare == 0 || data.size() >= FOREST_IS_DONE_AT ? forest : forest(finalWork, data);
        return new TargetFit(
                part(finalWork, scaled(finalForest.forest(), bestShare), calibration),
                finalForest.model().serialize().toByteArray(),
                finalForest.model().getProvenance().toString(),
                finalForest.importances(),
                new Evidence(
                        bestShare, errors, window.size() - recent.size(), recent.size() - data.size(), evaluation));
    }

    /**
     * Few samples make each one count: every block of the window is predicted by a model of the others (Barber et al.,
     * "Predictive inference with the jackknife+", 2021).
     */
    private Calibration crossConformal(TrainingSet data, double share) {
        double[] locations = new double[data.size()];
        for (int fold = 0; fold < FOLDS; fold++) {
            int from = fold * data.size() / FOLDS;
            int to = (fold + 1) * data.size() / FOLDS;
            TrainingSet others = data.without(from, to);
            WorkModel work = new WorkFit(target).fit(others);
            Forest forest = share == 0
                    ? Forest.getDefaultInstance()
                    : scaled(forest(work, others).forest(), share);
            double[] held = locations(part(work, forest, flat()), data.slice(from, to));
            System.arraycopy(held, 0, locations, from, held.length);
        }
        return ConformalCalibration.of(locations, residuals(locations, data), settings.quantiles());
    }

    /** Coverage is judged on the second half of the later part with a calibration from its first half. */
    private Map<String, Evaluation> evaluate(WorkModel work, Forest forest, TrainingSet later) {
        int half = later.size() / 2;
        TrainingSet calibrating = later.slice(0, half);
        TrainingSet judged = later.slice(half, later.size());
        if (half < 20) {
            return Map.of(Evaluations.ALL, Evaluation.NONE);
        }
        double[] locations = locations(part(work, forest, flat()), calibrating);
        Calibration calibration =
                ConformalCalibration.of(locations, residuals(locations, calibrating), settings.quantiles());
        Predictor predictor = compile(part(work, forest, calibration));
        return Evaluations.bySlice(predictor, judged, target, settings.quantiles());
    }

    private ResidualForest.Trained forest(WorkModel work, TrainingSet data) {
        Predictor physics = compile(part(work, Forest.getDefaultInstance(), flat()));
        float[][] wide = new float[data.size()][];
        double[] residuals = new double[data.size()];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = Arrays.copyOf(data.row(i), FeatureSchema.SIZE + Predictor.DERIVED);
            double workMs = physics.derive(target, wide[i], physics.classIndex(data.endpointClass(i)));
            residuals[i] = Math.clamp(Math.log(data.outcome(i, target) / workMs), -1.5, 1.5);
        }
        return ResidualForest.train(wide, residuals, settings);
    }

    private double[] locations(TargetModel model, TrainingSet data) {
        Predictor predictor = compile(model);
        Predictions predictions = Evaluations.predict(predictor, data);
        double[] locations = new double[data.size()];
        Arrays.setAll(locations, i -> predictions.locationMs(target, i));
        return locations;
    }

    private double[] residuals(double[] locations, TrainingSet data) {
        double[] residuals = new double[locations.length];
        Arrays.setAll(residuals, i -> Math.log(data.outcome(i, target) / locations[i]));
        return residuals;
    }

    private double meanAbsoluteLog(double[] locations, TrainingSet data) {
        return Arrays.stream(residuals(locations, data))
                .map(Math::abs)
                .average()
                .orElse(Double.POSITIVE_INFINITY);
    }

    private Predictor compile(TargetModel model) {
        return Predictor.compile(CompiledPredictor.newBuilder()
                .setFormatVersion(Predictor.FORMAT)
                .setFeatureSchema(FeatureSchema.HASH)
                .addAllQuantiles(settings.quantiles())
                .setTtft(model)
                .setTpot(model)
                .build());
    }

    private TargetModel part(WorkModel work, Forest forest, Calibration calibration) {
        return TargetModel.newBuilder()
                .setWork(work)
                .setForest(forest)
                .setCalibration(calibration)
                .build();
    }

    private Calibration flat() {
        Calibration.Builder flat = Calibration.newBuilder();
        settings.quantiles().forEach(level -> flat.addOffsets(0));
        return flat.build();
    }

    private static Forest scaled(Forest forest, double share) {
        if (share == 0) {
            return Forest.getDefaultInstance();
        }
        Forest.Builder scaled = forest.toBuilder().setBase(forest.getBase() * share);
        for (int i = 0; i < scaled.getLeafCount(); i++) {
            scaled.setLeaf(i, (float) (scaled.getLeaf(i) * share));
        }
        return scaled.build();
    }
}
