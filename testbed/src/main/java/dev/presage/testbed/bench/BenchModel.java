package dev.presage.testbed.bench;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.BundleWriter;
import dev.presage.store.bundle.GoldenRecorder;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.bundle.TrainerRun;
import dev.presage.store.bundle.TrainingWindow;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.predict.Predictor;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PublishOutcome;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TargetFit;
import dev.presage.trainer.learn.TrainedPredictor;
import dev.presage.trainer.learn.TrainerSettings;
import dev.presage.trainer.learn.TrainingSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A full-size model, trained by the production trainer and published as a champion into a store's directory. */
final class BenchModel {
    static final String POOL = "bench";

    private static final long SEED = 1;
    private static final TrainerSettings SETTINGS =
            new TrainerSettings(List.of(0.5, 0.9, 0.95), 300, 6, 0.06, 60, SEED);
    /** The trainer gives a tree to every ten samples. */
    private static final int SAMPLES = 4_000;

    private static final int GOLDEN_ROWS = 64;
    private static final String ACTOR = "presage bench";

    private BenchModel() {}

    /** Trains and publishes the first champion; says what it published. */
    static String publish(Path store, double firstTokenMs, InstantSource clock) throws IOException {
        return publish(store, firstTokenMs, SEED, clock);
    }

    /** Trains and publishes; says what it published. */
    static String publish(Path store, double firstTokenMs, long seed, InstantSource clock) throws IOException {
        TrainingSet samples = samples(firstTokenMs, seed);
        TrainedPredictor trained = train(samples);
        StringBuilder summary = new StringBuilder();
        trained.fits().forEach((target, fit) -> summary.append(describe(target.name(), fit)));
        long now = clock.millis();
        BundleArchive archive = BundleWriter.unsigned()
                .write(
                        card(trained, now),
                        trained.compiled(),
                        golden(trained, samples).rows(),
                        Map.of());
        try (DirectoryRegistry registry =
                DirectoryRegistry.open(store, new BundleReader(TrustPolicy.anyone()), 1, clock)) {
            if (registry.publish(POOL, archive.bytes(), ACTOR) instanceof PublishOutcome.Refused refused) {
                throw new IllegalStateException("the store refuses the model: " + refused.message());
            }
            ChangeOutcome moved = registry.change(new MoveRequest(
                    POOL,
                    Alias.CHAMPION,
                    archive.id(),
                    registry.pool(POOL).revision(),
                    ACTOR,
                    "to be measured",
                    Map.of()));
            if (!(moved instanceof ChangeOutcome.Changed)) {
                throw new IllegalStateException("the model is not the champion: " + moved);
            }
        }
        return summary.toString().trim();
    }

    /** @param firstTokenMs TTFT where the benchmark's own requests lie */
    static TrainingSet samples(double firstTokenMs, long seed) {
        return new SyntheticSamples(seed, firstTokenMs).draw(SAMPLES);
    }

    static TrainedPredictor train(TrainingSet samples) {
        return new PredictorTrainer(SETTINGS)
                .train(samples)
                .orElseThrow(() -> new IllegalStateException("nothing was learned from " + SAMPLES + " samples"));
    }

    /** A forest that is smaller than promised or not used would make the figures of the benchmark too good; a part of it costs as much as all. */
    private static String describe(String target, TargetFit fit) {
        int trees = fit.model().getForest().getRootCount();
        if (trees != SETTINGS.trees()) {
            throw new IllegalStateException(target + " has " + trees + " of " + SETTINGS.trees() + " trees with "
                    + fit.evidence().competition());
        }
        return target + " " + trees + " trees, " + fit.model().getForest().getFeatureCount() + " nodes; ";
    }

    private static ModelCard card(TrainedPredictor trained, long nowMs) {
        ModelMetrics none = new ModelMetrics(
                new ModelMetrics.Slice("all", ModelMetrics.Accuracy.NONE, ModelMetrics.Accuracy.NONE), List.of());
        return new ModelCard(
                null,
                POOL,
                new TrainingWindow(List.of(), nowMs, nowMs, trained.samples()),
                new TrainerRun(trained.settings().asMap(), trained.settings().seed(), ""),
                none,
                List.of(),
                ACTOR,
                nowMs);
    }

    private static GoldenRecorder golden(TrainedPredictor trained, TrainingSet samples) {
        GoldenRecorder golden = new GoldenRecorder(Predictor.compile(trained.compiled()));
        for (int i = 0; i < GOLDEN_ROWS; i++) {
            golden.add(samples.row(i), samples.endpointClass(i));
        }
        return golden;
    }
}
