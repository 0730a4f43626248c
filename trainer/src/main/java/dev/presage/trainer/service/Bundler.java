package dev.presage.trainer.service;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleWriter;
import dev.presage.store.bundle.GoldenRecorder;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.bundle.TrainerRun;
import dev.presage.store.bundle.TrainingWindow;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.trainer.learn.Evaluation;
import dev.presage.trainer.learn.Evaluations;
import dev.presage.trainer.learn.TargetFit;
import dev.presage.trainer.learn.TrainedPredictor;
import dev.presage.trainer.learn.TrainingSet;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns a trained predictor into a bundle, with its evidence and golden rows from the samples that it learned from: for the trainer, and for the
 * policy lab. Immutable.
 */
public final class Bundler {
    private static final int GOLDEN_ROWS = 64;

    private final BundleWriter writer;
    private final String pool;
    private final String creator;

    /** @param creator who makes the bundles */
    public Bundler(BundleWriter writer, String pool, String creator) {
        this.writer = writer;
        this.pool = pool;
        this.creator = creator;
    }

    /** @param parent the champion meanwhile; null for none */
    public BundleArchive bundle(
            TrainedPredictor trained,
            TrainingSet samples,
            TrainingWindow window,
            @Nullable BundleId parent,
            long createdAtMs) {
        Map<Target, byte[]> tribuo = new EnumMap<>(Target.class);
        trained.fits().forEach((target, fit) -> tribuo.put(target, fit.tribuo()));
        ModelCard card = new ModelCard(
                parent, pool, window, run(trained), metrics(trained), importances(trained), creator, createdAtMs);
        return writer.write(card, trained.compiled(), golden(trained, samples).rows(), tribuo);
    }

    private static GoldenRecorder golden(TrainedPredictor trained, TrainingSet samples) {
        GoldenRecorder golden = new GoldenRecorder(Predictor.compile(trained.compiled()));
        int stride = Math.max(1, samples.size() / GOLDEN_ROWS);
        for (int i = 0, taken = 0; i < samples.size() && taken < GOLDEN_ROWS; i += stride, taken++) {
            golden.add(samples.row(i), samples.endpointClass(i), samples.model(i));
        }
        return golden;
    }

    private static TrainerRun run(TrainedPredictor trained) {
        Map<String, String> configuration = new TreeMap<>(trained.settings().asMap());
        trained.fits().forEach((target, fit) -> {
            String name = target.name().toLowerCase(Locale.ROOT);
            configuration.put(name + ".chosen", fit.evidence().chosen().label());
            configuration.put(name + ".errors", fit.evidence().competition());
            configuration.put(
                    name + ".left_out",
                    fit.evidence().outdated() + " outdated, " + fit.evidence().outliers() + " outliers");
        });
        trained.length().ifPresent(fit -> {
            configuration.put("length.depth", Integer.toString(fit.depth()));
            configuration.put("length.loss_by_depth", fit.lossByDepth().toString());
            configuration.put("length.coverage", fit.coverage() + " of " + fit.samples());
        });
        String provenance =
                trained.fits().values().stream().map(TargetFit::provenance).collect(Collectors.joining("\n"));
        return new TrainerRun(configuration, trained.settings().seed(), provenance);
    }

    private static ModelMetrics metrics(TrainedPredictor trained) {
        Set<String> names = new TreeSet<>();
        trained.fits()
                .values()
                .forEach(fit -> names.addAll(fit.evidence().evaluations().keySet()));
        Map<String, ModelMetrics.Slice> slices = new TreeMap<>();
        for (String name : names) {
            slices.put(
                    name,
                    new ModelMetrics.Slice(
                            name, accuracy(trained, Target.TTFT, name), accuracy(trained, Target.TPOT, name)));
        }
        ModelMetrics.Slice overall = slices.remove(Evaluations.ALL);
        return new ModelMetrics(
                overall == null
                        ? new ModelMetrics.Slice("all", ModelMetrics.Accuracy.NONE, ModelMetrics.Accuracy.NONE)
                        : overall,
                List.copyOf(slices.values()));
    }

    private static ModelMetrics.Accuracy accuracy(TrainedPredictor trained, Target target, String slice) {
        TargetFit fit = trained.fits().get(target);
        Evaluation evaluation =
                fit == null ? null : fit.evidence().evaluations().get(slice);
        if (evaluation == null || evaluation.samples() == 0) {
            return ModelMetrics.Accuracy.NONE;
        }
        double pinball = evaluation.pinball().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
        return new ModelMetrics.Accuracy(
                evaluation.samples(),
                evaluation.medianError(),
                evaluation.medianErrorLow(),
                evaluation.medianErrorHigh(),
                evaluation.coverage(),
                pinball);
    }

    private static List<ModelCard.Importance> importances(TrainedPredictor trained) {
        List<ModelCard.Importance> importances = new ArrayList<>();
        trained.fits().forEach((target, fit) -> fit.importances()
                .forEach((column, share) ->
                        importances.add(new ModelCard.Importance(target, column, Math.clamp(share, 0, 1)))));
        importances.sort((a, b) -> Double.compare(b.share(), a.share()));
        return importances;
    }
}
