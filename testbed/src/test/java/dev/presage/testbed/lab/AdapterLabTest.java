package dev.presage.testbed.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.testbed.engine.AdapterLimits;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainerSettings;
import dev.presage.trainer.learn.TrainingSet;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nobody tells the trainer what loading an adapter costs; it finds out from outcomes, and the policy acts on it. */
class AdapterLabTest {
    private static final int REQUESTS = 1_500;
    private static final int ADAPTERS = 9;
    private static final FleetSpec FLEET =
            new FleetSpec(Collections.nCopies(3, EngineProfile.named("h100-llama-2-70b-hf-tp8")));

    @Test
    void theCostOfALoadIsLearnedFromOutcomes() {
        TrainingSet samples = new TrainingSet();
        lab("lmetric", 31, List.of(new RoutingListener() {
                    @Override
                    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
                        // Learned from when it ends.
                    }

                    @Override
                    public void ended(Outcome outcome) {
                        Decision.Routed decision = outcome.decision();
                        Double ttft = outcome.ttftMs();
                        Double tpot = outcome.tpotMs();
                        samples.add(
                                decision.candidates().row(decision.choice().candidate()),
                                decision.endpoint().endpointClass(),
                                ttft == null ? Double.NaN : ttft,
                                tpot == null ? Double.NaN : tpot);
                    }
                }))
                .run(SyntheticTrace.of(31, REQUESTS));

        CompiledPredictor compiled = new PredictorTrainer(TrainerSettings.DEFAULT)
                .train(samples)
                .orElseThrow()
                .compiled();
        int term = compiled.getTtft().getWork().getTermsList().indexOf("LORA_LOAD");
        double coefficient = compiled.getTtft().getWork().getFallback(term);
        double truth = AdapterLimits.DEFAULT.loadMs();
        assertEquals(truth, coefficient, truth / 3, "milliseconds of a load");
        assertEquals(truth, missCostMs(Predictor.compile(compiled), samples), truth / 2, "with the forest");
    }

    @Test
    void theLearnedPolicyPrefersTheReplicaThatHoldsTheAdapter() {
        LabRun blind = lab("lmetric", 32, List.of());
        LabRun learned = lab("learned", 32, List.of());
        PolicyResult without = blind.run(SyntheticTrace.of(32, REQUESTS));
        PolicyResult with = learned.run(SyntheticTrace.of(32, REQUESTS));

        assertTrue(
                2 * learned.adapterLoads() < blind.adapterLoads(),
                learned.adapterLoads() + " loads against " + blind.adapterLoads());
        assertTrue(
                with.ttftMs().mean() < without.ttftMs().mean(),
                with.ttftMs().mean() + " ms against " + without.ttftMs().mean());
    }

    private static LabRun lab(String policy, long seed, List<RoutingListener> observers) {
        return new LabRun(
                FLEET,
                LabPolicy.named(policy),
                new LabSettings(
                        REQUESTS, REQUESTS / 3, 0.25, seed, true, 1, Double.POSITIVE_INFINITY, List.of(), ADAPTERS),
                observers);
    }

    /** What the whole predictor adds to an idle endpoint's TTFT for a miss. */
    private static double missCostMs(Predictor predictor, TrainingSet samples) {
        float[] rows = new float[2 * FeatureSchema.SIZE];
        for (int row = 0; row < 2; row++) {
            rows[row * FeatureSchema.SIZE + Feature.PROMPT_TOKENS.ordinal()] = 1_000;
            rows[row * FeatureSchema.SIZE + Feature.UNCACHED_TOKENS.ordinal()] = 1_000;
            rows[row * FeatureSchema.SIZE + Feature.OWN_ATTENTION.ordinal()] = 0.5f;
        }
        rows[FeatureSchema.SIZE + Feature.LORA_MISS.ordinal()] = 1;
        int known = predictor.classIndex(samples.endpointClass(0));
        Predictions out = new Predictions();
        predictor.predict(rows, new int[] {known, known}, 2, out);
        return out.locationMs(Target.TTFT, 1) - out.locationMs(Target.TTFT, 0);
    }
}
