package dev.presage.trainer.learn;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.Calibration;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.Forest;
import dev.presage.store.proto.Linear;
import dev.presage.store.proto.TargetModel;
import dev.presage.store.proto.WorkModel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Learns one target. The window is cut in time: the earlier part trains, the later part decides among the alternatives
 * ({@link Mixture}), calibrates and evaluates; then the work model, and of a small window what corrects it too, are fitted again on all of
 * it, so that the newest samples count.
 */
final class TargetTrainer {
    private static final double TRAINING_SHARE = 0.8;

    /** From here on a fifth of the window calibrates well enough, and five trainings would cost more than they give. */
    private static final int CROSS_CONFORMAL_BELOW = 3_000;

    private static final int FOLDS = 5;

    /** From here on a quarter more samples would not change the forest, and half of the time of a training goes into the second one. */
    private static final int FOREST_IS_DONE_AT = 5_000;

    private final Target target;
    private final TrainerSettings settings;
    private final Linear last;
    private final WorkModel known;

    /** What is learned of a work model's residuals. */
    private record Corrections(Linear linear, ResidualForest.Trained forest) {}

    TargetTrainer(Target target, TrainerSettings settings, WarmStart start) {
        this.target = target;
        this.settings = settings;
        last = start.linear(target);
        known = start.work(target);
    }

    /** Trains on samples that all observed the target, in time order. */
    TargetFit train(TrainingSet window) {
        FittedSet all = new FittedSet(window, target, known);
        FittedSet recent = Recency.recent(target == Target.TTFT ? Strays.dropped(all) : all);
        FittedSet fitted = Outliers.dropped(recent);
        TrainingSet data = fitted.data();
        int cut = (int) (data.size() * TRAINING_SHARE);
        TrainingSet earlier = data.slice(0, cut);
        TrainingSet later = data.slice(cut, data.size());
        WorkModel work = new WorkFit(target, known).fit(earlier);
        Corrections corrections = corrections(work, earlier);

        Mixture chosen = Mixture.WORK;
        double[] locations = new double[0];
        double best = Double.POSITIVE_INFINITY;
        Map<Mixture, Double> errors = new HashMap<>();
        for (Mixture mixture : Mixture.ALL) {
            double[] candidate = locations(part(work, corrections, mixture, flat()), later);
            double error = meanAbsoluteLog(candidate, later);
            errors.put(mixture, error);
            if (error < best) {
                best = error;
                chosen = mixture;
                locations = candidate;
            }
        }
        Calibration calibration = data.size() < CROSS_CONFORMAL_BELOW
                ? crossConformal(data, chosen)
                : ConformalCalibration.of(locations, residuals(locations, later), settings.quantiles());
        Map<String, Evaluation> evaluation = evaluate(work, corrections, chosen, later);

        Corrections finalOnes = finalCorrections(fitted, corrections, chosen);
        return new TargetFit(
                part(fitted.work(), finalOnes, chosen, calibration),
                finalOnes.linear(),
                finalOnes.forest().model().serialize().toByteArray(),
                finalOnes.forest().model().getProvenance().toString(),
                finalOnes.forest().importances(),
                new Evidence(chosen, errors, window.size() - recent.size(), recent.size() - data.size(), evaluation));
    }

    private Corrections finalCorrections(FittedSet fitted, Corrections first, Mixture chosen) {
        if (fitted.size() >= FOREST_IS_DONE_AT || chosen.equals(Mixture.WORK)) {
            return first;
        }
        Wide wide = wide(fitted.work(), fitted.data());
        return new Corrections(
                chosen.linear() == 0
                        ? first.linear()
                        : ResidualLinear.train(wide.rows(), wide.residuals(), first.linear(), settings),
                chosen.forest() == 0 ? first.forest() : ResidualForest.train(wide.rows(), wide.residuals(), settings));
    }

    /**
     * Few samples make each one count: every block of the window is predicted by a model of the others (Barber et al.,
     * "Predictive inference with the jackknife+", 2021).
     */
    private Calibration crossConformal(TrainingSet data, Mixture mixture) {
        double[] locations = new double[data.size()];
        for (int fold = 0; fold < FOLDS; fold++) {
            int from = fold * data.size() / FOLDS;
            int to = (fold + 1) * data.size() / FOLDS;
            TrainingSet others = data.without(from, to);
            WorkModel work = new WorkFit(target, known).fit(others);
            Wide wide = wide(work, others);
            Linear linear = mixture.linear() == 0
                    ? Linear.getDefaultInstance()
                    : scaled(ResidualLinear.train(wide.rows(), wide.residuals(), last, settings), mixture.linear());
            Forest forest = mixture.forest() == 0
                    ? Forest.getDefaultInstance()
                    : scaled(
                            ResidualForest.train(wide.rows(), wide.residuals(), settings)
                                    .forest(),
                            mixture.forest());
            double[] held = locations(part(work, linear, forest, flat()), data.slice(from, to));
            System.arraycopy(held, 0, locations, from, held.length);
        }
        return ConformalCalibration.of(locations, residuals(locations, data), settings.quantiles());
    }

    /** Coverage is judged on the second half of the later part with a calibration from its first half. */
    private Map<String, Evaluation> evaluate(
            WorkModel work, Corrections corrections, Mixture mixture, TrainingSet later) {
        int half = later.size() / 2;
        TrainingSet calibrating = later.slice(0, half);
        TrainingSet judged = later.slice(half, later.size());
        if (half < 20) {
            return Map.of(Evaluations.ALL, Evaluation.NONE);
        }
        double[] locations = locations(part(work, corrections, mixture, flat()), calibrating);
        Calibration calibration =
                ConformalCalibration.of(locations, residuals(locations, calibrating), settings.quantiles());
        Predictor predictor = compile(part(work, corrections, mixture, calibration));
        return Evaluations.bySlice(predictor, judged, target, settings.quantiles());
    }

    /** Rows with the derived columns, and what the work model leaves over of each. */
    private record Wide(float[][] rows, double[] residuals) {}

    private Wide wide(WorkModel work, TrainingSet data) {
        Predictor physics = compile(part(work, Linear.getDefaultInstance(), Forest.getDefaultInstance(), flat()));
        float[][] wide = new float[data.size()][];
        double[] residuals = new double[data.size()];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = Arrays.copyOf(data.row(i), FeatureSchema.SIZE + Predictor.DERIVED);
            double workMs = physics.derive(target, wide[i], physics.classIndex(data.endpointClass(i)));
            residuals[i] =
                    Math.clamp(Math.log(data.outcome(i, target) / workMs), -ResidualLinear.MOST, ResidualLinear.MOST);
        }
        return new Wide(wide, residuals);
    }

    private Corrections corrections(WorkModel work, TrainingSet data) {
        Wide wide = wide(work, data);
        return new Corrections(
                ResidualLinear.train(wide.rows(), wide.residuals(), last, settings),
                ResidualForest.train(wide.rows(), wide.residuals(), settings));
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

    private TargetModel part(WorkModel work, Corrections corrections, Mixture mixture, Calibration calibration) {
        return part(
                work,
                scaled(corrections.linear(), mixture.linear()),
                scaled(corrections.forest().forest(), mixture.forest()),
                calibration);
    }

    private static TargetModel part(WorkModel work, Linear linear, Forest forest, Calibration calibration) {
        TargetModel.Builder model =
                TargetModel.newBuilder().setWork(work).setForest(forest).setCalibration(calibration);
        if (linear.getWeightsCount() > 0) {
            model.setLinear(linear);
        }
        return model.build();
    }

    private Calibration flat() {
        Calibration.Builder flat = Calibration.newBuilder();
        settings.quantiles().forEach(level -> flat.addOffsets(0));
        return flat.build();
    }

    static Linear scaled(Linear linear, double share) {
        if (share == 0) {
            return Linear.getDefaultInstance();
        }
        Linear.Builder scaled =
                linear.toBuilder().setBias(linear.getBias() * share).setMost(linear.getMost() * share);
        for (int i = 0; i < scaled.getWeightsCount(); i++) {
            scaled.setWeights(i, scaled.getWeights(i) * share);
        }
        return scaled.build();
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
