package dev.presage.trainer.service;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.window.TrainingWindow;
import dev.presage.pipeline.window.WindowLimits;
import dev.presage.store.predict.Target;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainerSettings;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LearningLoopDriftTest {
    private final SplittableRandom random = new SplittableRandom(5);
    private final LearningLoop loop = new LearningLoop(
            new TrainingWindow(WindowLimits.DEFAULT),
            new PredictorTrainer(TrainerSettings.DEFAULT),
            RetrainPolicy.DEFAULT);
    private long nowMs;

    private Sample sample(double slower) {
        nowMs += 10;
        double tokens = random.nextDouble(100, 8_000);
        Sample.Builder sample = Sample.newBuilder()
                .setFeatureSchema(FeatureSchema.HASH)
                .setEndpointClass("h100")
                .setEndedAtMs(nowMs)
                .setTtftMs(slower * (20 + 0.05 * tokens) * Math.exp(0.1 * random.nextGaussian()));
        float[] row = new float[FeatureSchema.SIZE];
        row[Feature.PROMPT_TOKENS.ordinal()] = (float) tokens;
        row[Feature.UNCACHED_TOKENS.ordinal()] = (float) tokens;
        for (float value : row) {
            sample.addFeatures(value);
        }
        return sample.build();
    }

    private boolean trained() {
        return loop.trainIfDue(nowMs).isPresent();
    }

    @Test
    void aShiftIsNoticedWithinTensOfSamplesAndTrainedOnAtOnce() {
        for (int i = 0; i < 2_000; i++) {
            loop.offer(sample(1));
            trained();
        }
        assertFalse(loop.drifted());
        int noticed = 0;
        while (!loop.drifted() && noticed < 200) {
            loop.offer(sample(1.8));
            noticed++;
        }
        assertTrue(noticed <= 50, noticed + " samples");

        int retrained = noticed;
        while (!trained() && retrained < 400) {
            loop.offer(sample(1.8));
            retrained++;
        }
        assertTrue(retrained <= 250, retrained + " samples until the next model");
        assertFalse(loop.drifted());
    }

    @Test
    void aSteadyFleetGivesNoAlarm() {
        int alarms = 0;
        for (int i = 0; i < 6_000; i++) {
            loop.offer(sample(1));
            alarms += loop.drifted() ? 1 : 0;
            loop.trainIfDue(nowMs).ifPresent(training -> {
                double error =
                        training.predictor().evidence(Target.TTFT).overall().medianError();
                assertTrue(training.samples().size() < 500 || error < 0.12, "error " + error);
            });
        }
        assertTrue(alarms == 0, alarms + " alarms");
    }
}
