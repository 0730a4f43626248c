package dev.presage.store.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.proto.Calibration;
import dev.presage.store.proto.ClassCoefficients;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.Forest;
import dev.presage.store.proto.Linear;
import dev.presage.store.proto.TargetModel;
import dev.presage.store.proto.WorkModel;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PredictorTest {
    private static final double CLOSE = 1e-9;

    private final float[] row = new float[FeatureSchema.SIZE];
    private final Predictions out = new Predictions();

    @Test
    void workPlusClassPlusFallback() {
        Predictor predictor = Predictor.compile(model().build());
        row[Feature.UNCACHED_TOKENS.ordinal()] = 2000;
        row[Feature.PENDING_TOKENS.ordinal()] = 1000;
        // 3 thousand tokens: h100 10 + 3 * 50, never seen 20 + 3 * 100.
        assertEquals(160, location(predictor, "h100"), CLOSE);
        assertEquals(320, location(predictor, "never-seen"), CLOSE);
        assertEquals(-1, predictor.classIndex("never-seen"));
    }

    @Test
    void aClassThatOneTargetKnowsFallsBackInTheOther() {
        CompiledPredictor.Builder model = model();
        model.getTpotBuilder().getWorkBuilder().clearClasses();
        Predictor predictor = Predictor.compile(model.build());
        location(predictor, "h100");
        assertEquals(20, out.locationMs(Target.TPOT, 0), CLOSE);
        assertEquals(10, out.locationMs(Target.TTFT, 0), CLOSE);
    }

    @Test
    void stalledTimeIsSubtractedDownToTheFloor() {
        Predictor predictor = Predictor.compile(model().build());
        row[Feature.STALLED_MS.ordinal()] = 4;
        assertEquals(6, location(predictor, "h100"), CLOSE);
        row[Feature.STALLED_MS.ordinal()] = 1e6f;
        assertEquals(0.5, location(predictor, "h100"), CLOSE);
    }

    @Test
    void timeThatPassedIsNoneOfTheRequestsOwnWork() {
        Predictor predictor = Predictor.compile(model().build());
        row[Feature.UNCACHED_TOKENS.ordinal()] = 1000;
        row[Feature.PENDING_TOKENS.ordinal()] = 3000;
        // 10 + 4 * 50 in all, a quarter of it its own.
        row[Feature.STALLED_MS.ordinal()] = 100;
        assertEquals(110, location(predictor, "h100"), CLOSE);
        row[Feature.STALLED_MS.ordinal()] = 1e6f;
        assertEquals(52.5, location(predictor, "h100"), CLOSE);
    }

    @Test
    void aSlowEndpointTakesLongerForTheWorkNotForTheTimeThatPassed() {
        Predictor predictor = Predictor.compile(model().build());
        row[Feature.UNCACHED_TOKENS.ordinal()] = 1000;
        row[Feature.PENDING_TOKENS.ordinal()] = 3000;
        row[Feature.STALLED_MS.ordinal()] = 150;
        location(predictor, "h100");
        out.slow(0, 3);
        assertEquals(3 * 210 - 150, out.locationMs(Target.TTFT, 0), CLOSE);
        assertEquals(3, out.slowness(0, 3 * 210 - 150), CLOSE);
        assertEquals(1, out.slowness(0, 60), CLOSE);
    }

    @Test
    void howSlowAnEndpointIsShowsAlsoWhereOnlyItsOwnWorkIsLeft() {
        CompiledPredictor.Builder model = model();
        model.getTtftBuilder().setForest(Forest.newBuilder().setBase(Math.log(2)));
        row[Feature.UNCACHED_TOKENS.ordinal()] = 1000;
        row[Feature.PENDING_TOKENS.ordinal()] = 3000;
        row[Feature.STALLED_MS.ordinal()] = 1e6f;
        assertEquals(105, location(Predictor.compile(model.build()), "h100"), 1e-5);
        assertEquals(4, out.slowness(0, 420), 1e-6);
        out.slow(0, 4);
        assertEquals(420, out.locationMs(Target.TTFT, 0), 1e-5);
    }

    @Test
    void derivesLogOfWorkAndSlowness() {
        Predictor predictor = Predictor.compile(model().build());
        float[] wide = new float[FeatureSchema.SIZE + Predictor.DERIVED];
        assertEquals(10, predictor.derive(Target.TTFT, wide, predictor.classIndex("h100")), CLOSE);
        assertEquals((float) Math.log(10), wide[FeatureSchema.SIZE]);
        assertEquals(60f, wide[FeatureSchema.SIZE + 1]);
    }

    @Test
    void forestMultipliesTheWork() {
        CompiledPredictor.Builder model = model();
        model.getTtftBuilder().setForest(Forest.newBuilder().setBase(Math.log(2)));
        assertEquals(20, location(Predictor.compile(model.build()), "h100"), 1e-5);
    }

    @Test
    void anEdgeBelongsToTheSliceAbove() {
        CompiledPredictor.Builder model = model();
        model.getTtftBuilder()
                .setCalibration(Calibration.newBuilder()
                        .addEdgesMs(10)
                        .addAllOffsets(List.of(0.0, 0.0, Math.log(3), Math.log(4))));
        Predictor predictor = Predictor.compile(model.build());
        location(predictor, "h100");
        assertEquals(30, out.quantileMs(Target.TTFT, 0, 0), CLOSE);
        row[Feature.STALLED_MS.ordinal()] = 1;
        location(predictor, "h100");
        assertEquals(9, out.quantileMs(Target.TTFT, 0, 1), CLOSE);
    }

    @Test
    void noLocationIsInTheSliceBetweenEqualEdges() {
        CompiledPredictor.Builder model = model();
        double far = Math.log(9);
        model.getTtftBuilder()
                .setCalibration(Calibration.newBuilder()
                        .addAllEdgesMs(List.of(10.0, 10.0, 10.0))
                        .addAllOffsets(List.of(0.0, 0.0, far, far, far, far, Math.log(2), Math.log(2))));
        Predictor predictor = Predictor.compile(model.build());
        location(predictor, "h100");
        assertEquals(20, out.quantileMs(Target.TTFT, 0, 0), CLOSE);
    }

    @Test
    void rowsOfABatchDoNotTouchEachOther() {
        Predictor predictor = Predictor.compile(model().build());
        float[] rows = new float[2 * FeatureSchema.SIZE];
        rows[FeatureSchema.SIZE + Feature.UNCACHED_TOKENS.ordinal()] = 1000;
        predictor.predict(rows, new int[] {0, 0}, 2, out);
        assertEquals(2, out.rows());
        assertEquals(10, out.locationMs(Target.TTFT, 0), CLOSE);
        assertEquals(60, out.locationMs(Target.TTFT, 1), CLOSE);
        assertArrayEquals(new float[] {10, 12}, out.quantilesMs(Target.TTFT, 0), 1e-3f);
    }

    @Property(tries = 200)
    void quantilesNeverCross(
            @ForAll @Size(6) List<@DoubleRange(min = -5, max = 5) Double> offsets,
            @ForAll @Size(17) List<@FloatRange(min = 0, max = 1e5f) Float> features) {
        double[] sorted = offsets.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted, 0, 3);
        Arrays.sort(sorted, 3, 6);
        CompiledPredictor.Builder model = model().clearQuantiles().addAllQuantiles(List.of(0.5, 0.9, 0.99));
        Calibration calibration = Calibration.newBuilder()
                .addEdgesMs(100)
                .addAllOffsets(Arrays.stream(sorted).boxed().toList())
                .build();
        model.getTtftBuilder().setCalibration(calibration);
        model.getTpotBuilder().setCalibration(calibration);
        for (int i = 0; i < features.size(); i++) {
            row[i] = features.get(i);
        }
        location(Predictor.compile(model.build()), "h100");
        for (Target target : Target.values()) {
            for (int level = 1; level < 3; level++) {
                assertTrue(out.quantileMs(target, 0, level) >= out.quantileMs(target, 0, level - 1));
            }
        }
    }

    @Property(tries = 200)
    void theProbabilityMeetsEveryQuantileAndNeverFalls(
            @ForAll @Size(3) List<@DoubleRange(min = -3, max = 3) Double> offsets,
            @ForAll @Size(20) List<@DoubleRange(min = 0, max = 500) Double> times) {
        double[] sorted =
                offsets.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        CompiledPredictor.Builder model = model().clearQuantiles().addAllQuantiles(List.of(0.5, 0.9, 0.99));
        Calibration calibration = Calibration.newBuilder()
                .addAllOffsets(Arrays.stream(sorted).boxed().toList())
                .build();
        model.getTtftBuilder().setCalibration(calibration);
        model.getTpotBuilder().setCalibration(calibration);
        Predictor predictor = Predictor.compile(model.build());
        location(predictor, "h100");
        for (int level = 0; level < 3; level++) {
            double probability = out.probabilityWithin(Target.TTFT, 0, out.quantileMs(Target.TTFT, 0, level));
            assertTrue(probability >= predictor.quantiles()[level] - 1e-6, probability + " at level " + level);
        }
        double before = 0;
        for (double ms : times.stream().sorted().toList()) {
            double probability = out.probabilityWithin(Target.TTFT, 0, ms);
            assertTrue(probability >= before - 1e-12 && probability <= 1, probability + " after " + before);
            before = probability;
        }
    }

    @Test
    void theProbabilityIsALineOfLogOddsOverLogTime() {
        CompiledPredictor.Builder model = model().clearQuantiles().addAllQuantiles(List.of(0.5, 0.9));
        Calibration calibration = Calibration.newBuilder()
                .addAllOffsets(List.of(0.0, Math.log(4)))
                .build();
        model.getTtftBuilder().setCalibration(calibration);
        model.getTpotBuilder().setCalibration(calibration);
        location(Predictor.compile(model.build()), "h100");
        // Odds 1 at 10 ms and 9 at 40 ms: 3 at 20 ms and 1/3 at 5 ms.
        assertEquals(0.5, out.probabilityWithin(Target.TTFT, 0, 10), CLOSE);
        assertEquals(0.75, out.probabilityWithin(Target.TTFT, 0, 20), CLOSE);
        assertEquals(0.9, out.probabilityWithin(Target.TTFT, 0, 40), CLOSE);
        assertEquals(0.25, out.probabilityWithin(Target.TTFT, 0, 5), CLOSE);
        assertEquals(0, out.probabilityWithin(Target.TTFT, 0, 0), CLOSE);
    }

    @Test
    void refusesWhatItCannotTrust() {
        refused("predictor format 1 is outside the supported 2..3", model -> model.setFormatVersion(1));
        refused(
                "feature schema other of the model is not this build's " + FeatureSchema.HASH + " or an earlier one",
                model -> model.setFeatureSchema("other"));
        refused(
                "2 linear weights for 19 columns",
                model -> model.getTtftBuilder().getLinearBuilder().addAllWeights(List.of(1.0, 2.0)));
        refused("linear weight NaN must be finite", model -> model.getTtftBuilder()
                .setLinear(linear().setWeights(3, Double.NaN)));
        refused("bound 6.0 of the linear part outside 0..5", model -> model.getTtftBuilder()
                .setLinear(linear().setMost(6)));
        refused("quantile 0.5 must ascend within (0, 1)", model -> model.setQuantiles(1, 0.5));
        refused("unknown work term NONSENSE", model -> work(model).setTerms(0, "NONSENSE"));
        refused(
                "1 coefficients for 2 work terms",
                model -> work(model).clearFallback().addFallback(1));
        refused("work coefficient -1.0 must be finite and not negative", model -> work(model)
                .setFallback(0, -1));
        refused("floor_ms 0.0 must be above 0 and finite", model -> work(model).setFloorMs(0));
        refused("floor_ms Infinity must be above 0 and finite", model -> work(model)
                .setFloorMs(1 / 0.0));
        refused("3 calibration offsets for 1 slices of 2", model -> calibration(model)
                .addOffsets(1));
        refused("calibration offset NaN outside -20..20", model -> calibration(model)
                .setOffsets(0, Double.NaN));
        refused("calibration offsets of slice 0 cross", model -> calibration(model)
                .setOffsets(0, 1));
        refused("calibration edge 5.0 must not descend", model -> calibration(model)
                .addAllEdgesMs(List.of(9.0, 5.0))
                .addAllOffsets(List.of(0.0, 0.0, 0.0, 0.0)));
        refused(
                "calibration edge NaN must not descend",
                model -> calibration(model).addEdgesMs(Double.NaN).addAllOffsets(List.of(0.0, 0.0)));
    }

    private static void refused(String message, Consumer<CompiledPredictor.Builder> change) {
        CompiledPredictor.Builder model = model();
        change.accept(model);
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> Predictor.compile(model.build()), message)
                        .getMessage());
    }

    @Test
    void theLinearPartStretchesTheWorkWithinItsBound() {
        Linear.Builder linear = linear().setBias(0.1)
                .setWeights(Feature.KV_USAGE.ordinal(), 0.2)
                .setWeights(FeatureSchema.SIZE, -0.05)
                .setWeights(FeatureSchema.SIZE + 1, 0.001);
        CompiledPredictor.Builder model = model();
        model.getTtftBuilder().setLinear(linear);
        row[Feature.UNCACHED_TOKENS.ordinal()] = 1000;
        row[Feature.KV_USAGE.ordinal()] = 0.5f;
        // 10 + 50 ms of work; a class whose thousand tokens take 10 + 50 ms.
        double stretch = 0.1 + 0.2 * 0.5 - 0.05 * Math.log(60) + 0.001 * 60;
        assertEquals(60 * Math.exp(stretch), location(Predictor.compile(model.build()), "h100"), 1e-6);
        assertEquals(60, out.locationMs(Target.TPOT, 0), CLOSE, "the other target has none");
        row[Feature.KV_USAGE.ordinal()] = 1_000;
        assertEquals(60 * Math.exp(1.5), location(Predictor.compile(model.build()), "h100"), 1e-4);
    }

    private static Linear.Builder linear() {
        return Linear.newBuilder()
                .setMost(1.5)
                .addAllWeights(Collections.nCopies(FeatureSchema.SIZE + Predictor.DERIVED, 0.0));
    }

    private static WorkModel.Builder work(CompiledPredictor.Builder model) {
        return model.getTtftBuilder().getWorkBuilder();
    }

    private static Calibration.Builder calibration(CompiledPredictor.Builder model) {
        return model.getTtftBuilder().getCalibrationBuilder();
    }

    private double location(Predictor predictor, String endpointClass) {
        predictor.predict(row, new int[] {predictor.classIndex(endpointClass)}, 1, out);
        return out.locationMs(Target.TTFT, 0);
    }

    private static CompiledPredictor.Builder model() {
        TargetModel target = TargetModel.newBuilder()
                .setWork(WorkModel.newBuilder()
                        .addAllTerms(List.of("ONE", "WORK_TOKENS"))
                        .addClasses(ClassCoefficients.newBuilder()
                                .setEndpointClass("h100")
                                .addAllCoefficients(List.of(10.0, 50.0)))
                        .addAllFallback(List.of(20.0, 100.0))
                        .setSubtractStalled(true)
                        .setFloorMs(0.5))
                .setForest(Forest.getDefaultInstance())
                .setCalibration(Calibration.newBuilder().addAllOffsets(List.of(0.0, Math.log(1.2))))
                .build();
        return CompiledPredictor.newBuilder()
                .setFormatVersion(Predictor.FORMAT)
                .setFeatureSchema(FeatureSchema.HASH)
                .addAllQuantiles(List.of(0.5, 0.9))
                .setTtft(target)
                .setTpot(target);
    }
}
