package dev.presage.router.predict;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictor;
import dev.presage.store.proto.Calibration;
import dev.presage.store.proto.ClassCoefficients;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.TargetModel;
import dev.presage.store.proto.WorkModel;
import java.time.Instant;
import java.util.List;

/** Small models whose predictions can be worked out by hand. */
public final class TestModels {
    public static final Instant TRAINED_AT = Instant.parse("2026-01-01T00:00:00Z");

    private TestModels() {}

    /**
     * TTFT is {@code 1 + 10} ms per thousand uncached and pending tokens; on endpoints of class {@code slow} it is {@code 2 +
     * 30}. TPOT is 5 ms everywhere. The 90th percentile of either is e times as much.
     */
    public static ServingModel work() {
        return work(List.of());
    }

    /** Like {@link #work}, but one class takes so many times the 5 ms for a token. */
    public static ServingModel decodesSlower(String endpointClass, double times) {
        CompiledPredictor.Builder compiled = compiled(List.of(), 1).toBuilder();
        compiled.getTpotBuilder()
                .getWorkBuilder()
                .addClasses(ClassCoefficients.newBuilder()
                        .setEndpointClass(endpointClass)
                        .addCoefficients(5 * times));
        return new ServingModel("test-decode", Predictor.compile(compiled.build()), TRAINED_AT);
    }

    /** Like {@link #work}, but all takes so many times as long. */
    public static ServingModel slower(double times) {
        return work(List.of(), times);
    }

    /** The same, trained on rows up to these values. */
    public static ServingModel work(List<Float> supportHigh) {
        return work(supportHigh, 1);
    }

    private static ServingModel work(List<Float> supportHigh, double times) {
        return new ServingModel("test-work", Predictor.compile(compiled(supportHigh, times)), TRAINED_AT);
    }

    private static CompiledPredictor compiled(List<Float> supportHigh, double times) {
        WorkModel ttft = WorkModel.newBuilder()
                .addAllTerms(List.of("ONE", "WORK_TOKENS"))
                .addClasses(ClassCoefficients.newBuilder()
                        .setEndpointClass("fast")
                        .addAllCoefficients(List.of(1.0 * times, 10.0 * times)))
                .addClasses(ClassCoefficients.newBuilder()
                        .setEndpointClass("slow")
                        .addAllCoefficients(List.of(2.0 * times, 30.0 * times)))
                .addAllFallback(List.of(1.0 * times, 10.0 * times))
                .setFloorMs(0.1)
                .build();
        WorkModel tpot = WorkModel.newBuilder()
                .addTerms("ONE")
                .addFallback(5 * times)
                .setFloorMs(0.1)
                .build();
        return CompiledPredictor.newBuilder()
                .setFormatVersion(Predictor.FORMAT)
                .setFeatureSchema(FeatureSchema.HASH)
                .addAllQuantiles(List.of(0.5, 0.9))
                .setTtft(target(ttft))
                .setTpot(target(tpot))
                .addAllSupportHigh(supportHigh)
                .build();
    }

    private static TargetModel target(WorkModel work) {
        return TargetModel.newBuilder()
                .setWork(work)
                .setCalibration(Calibration.newBuilder().addOffsets(0).addOffsets(1))
                .build();
    }
}
