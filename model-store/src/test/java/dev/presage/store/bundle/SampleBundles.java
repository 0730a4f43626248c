package dev.presage.store.bundle;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.Calibration;
import dev.presage.store.proto.ClassCoefficients;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.Forest;
import dev.presage.store.proto.GoldenRows;
import dev.presage.store.proto.TargetModel;
import dev.presage.store.proto.WorkModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Small valid bundles for tests, told apart by a number. */
public final class SampleBundles {
    private SampleBundles() {}

    public static BundleArchive archive(String pool, int number) {
        return BundleWriter.unsigned().write(card(pool, number), predictor(number), golden(number), Map.of());
    }

    public static ModelCard card(String pool, int number) {
        ModelMetrics.Accuracy accuracy = new ModelMetrics.Accuracy(500, 0.04, 0.03, 0.05, List.of(0.5, 0.9), 12.5);
        ModelMetrics metrics = new ModelMetrics(
                new ModelMetrics.Slice("all", accuracy, accuracy),
                List.of(new ModelMetrics.Slice("class=h100", accuracy, ModelMetrics.Accuracy.NONE)));
        TrainingWindow window =
                new TrainingWindow(List.of(new TrainingWindow.Range("presage.samples.v1", 0, 0, 500)), 1, 2, 500);
        return new ModelCard(
                null,
                pool,
                window,
                new TrainerRun(Map.of("trees", "200", "depth", "6"), number, "XGBoostTrainer(...)"),
                metrics,
                List.of(new ModelCard.Importance(Target.TTFT, "uncached_tokens", 0.5)),
                "trainer-1",
                1_700_000_000_000L + number);
    }

    public static CompiledPredictor predictor(int number) {
        return CompiledPredictor.newBuilder()
                .setFormatVersion(Predictor.FORMAT)
                .setFeatureSchema(FeatureSchema.HASH)
                .addAllQuantiles(List.of(0.5, 0.9))
                .setTtft(target(10 + number))
                .setTpot(target(1 + number))
                .build();
    }

    public static GoldenRows golden(int number) {
        GoldenRecorder recorder = new GoldenRecorder(Predictor.compile(predictor(number)));
        float[] row = new float[FeatureSchema.SIZE];
        recorder.add(row, "h100");
        Arrays.fill(row, 1000);
        return recorder.add(row, "h100").add(row, "never-seen").rows();
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
