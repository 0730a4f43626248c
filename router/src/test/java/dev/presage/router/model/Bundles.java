package dev.presage.router.model;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleWriter;
import dev.presage.store.bundle.GoldenRecorder;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.bundle.TrainerRun;
import dev.presage.store.bundle.TrainingWindow;
import dev.presage.store.predict.Predictor;
import dev.presage.store.proto.Calibration;
import dev.presage.store.proto.ClassCoefficients;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.Forest;
import dev.presage.store.proto.TargetModel;
import dev.presage.store.proto.WorkModel;
import java.util.List;
import java.util.Map;

/** Small valid bundles, told apart by a number. */
public final class Bundles {
    /** End of the training data of bundle {@code n}, less {@code n}. */
    public static final long TRAINED_AT_MS = 1_700_000_000_000L;

    private Bundles() {}

    public static BundleArchive archive(String pool, int number) {
        CompiledPredictor predictor = CompiledPredictor.newBuilder()
                .setFormatVersion(Predictor.FORMAT)
                .setFeatureSchema(FeatureSchema.HASH)
                .addAllQuantiles(List.of(0.5, 0.9))
                .setTtft(target(10 + number))
                .setTpot(target(1 + number))
                .build();
        var golden = new GoldenRecorder(Predictor.compile(predictor))
                .add(new float[FeatureSchema.SIZE], "h100")
                .rows();
        ModelMetrics.Accuracy accuracy = new ModelMetrics.Accuracy(500, 0.04, 0.03, 0.05, List.of(0.5, 0.9), 12.5);
        ModelCard card = new ModelCard(
                null,
                pool,
                new TrainingWindow(List.of(), 1, TRAINED_AT_MS + number, 500),
                new TrainerRun(Map.of(), number, "test"),
                new ModelMetrics(new ModelMetrics.Slice("all", accuracy, accuracy), List.of()),
                List.of(),
                "test",
                TRAINED_AT_MS);
        return BundleWriter.unsigned().write(card, predictor, golden, Map.of());
    }

    private static TargetModel target(double constantMs) {
        return TargetModel.newBuilder()
                .setWork(WorkModel.newBuilder()
                        .addAllTerms(List.of("ONE", "WORK_TOKENS"))
                        .addClasses(ClassCoefficients.newBuilder()
                                .setEndpointClass("h100")
                                .addAllCoefficients(List.of(constantMs, 50.0)))
                        .addAllFallback(List.of(constantMs, 120.0))
                        .setFloorMs(0.1))
                .setForest(Forest.newBuilder()
                        .addRoot(0)
                        .addAllFeature(List.of(2, -1, -1))
                        .addAllThreshold(List.of(500f, 0f, 0f))
                        .addAllLeft(List.of(1, 0, 0))
                        .addAllLeaf(List.of(0f, -0.1f, 0.1f)))
                .setCalibration(Calibration.newBuilder()
                        .addAllEdgesMs(List.of(100.0))
                        .addAllOffsets(List.of(0.0, 0.2, 0.05, 0.4)))
                .build();
    }
}
