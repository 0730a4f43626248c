package dev.presage.trainer.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.OutputLength;
import dev.presage.store.predict.Predictor;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LengthTrainerTest {
    /**
     * Replies of "chat" are four times as long as those of "title"; {@code byPrompt} makes them grow with the prompt, too, and {@code
     * bounded} lets a quarter of the clients bound them.
     */
    private static TrainingSet samples(long seed, int count, boolean byPrompt, boolean bounded) {
        SplittableRandom random = new SplittableRandom(seed);
        TrainingSet set = new TrainingSet();
        for (int i = 0; i < count; i++) {
            float[] row = new float[FeatureSchema.SIZE];
            int prompt = 1 << random.nextInt(6, 14);
            row[Feature.PROMPT_TOKENS.ordinal()] = prompt;
            row[Feature.UNCACHED_TOKENS.ordinal()] = prompt;
            boolean chat = random.nextBoolean();
            int bound = bounded && random.nextInt(4) == 0 ? 50 : 0;
            row[Feature.MAX_TOKENS.ordinal()] = bound;
            double usual = (chat ? 200 : 50) * (byPrompt ? Math.sqrt(prompt / 64.0) : 1);
            double tokens = Math.max(1, Math.rint(usual * Math.exp(0.5 * random.nextGaussian())));
            set.add(
                    row,
                    "10.0.0.1:8000",
                    "h100",
                    chat ? "chat" : "title",
                    10 + prompt,
                    10,
                    bound > 0 ? Math.min(bound, tokens) : tokens);
        }
        return set;
    }

    private static TrainedPredictor train(TrainingSet set) {
        return new PredictorTrainer(TrainerSettings.DEFAULT).train(set).orElseThrow();
    }

    @Test
    void everyQuantileCoversWhatItSaysOnUnseenReplies() {
        for (long seed : new long[] {1, 2, 3}) {
            var lengths = Predictor.compile(
                            train(samples(seed, 4_000, true, false)).compiled())
                    .outputLengths();
            TrainingSet test = samples(seed + 100, 4_000, true, false);
            double[] covered = new double[4];
            for (int i = 0; i < test.size(); i++) {
                float[] row = test.row(i);
                OutputLength said = lengths.of(test.model(i), (int) row[Feature.PROMPT_TOKENS.ordinal()], (int)
                        row[Feature.MAX_TOKENS.ordinal()]);
                for (int level = 0; level < covered.length; level++) {
                    covered[level] += test.outputTokens(i) <= said.tokens().get(level) ? 1 : 0;
                }
            }
            for (int level = 0; level < covered.length; level++) {
                double wanted = TrainerSettings.DEFAULT.quantiles().get(level);
                assertEquals(wanted, covered[level] / test.size(), 0.06, "seed " + seed + " level " + wanted);
            }
        }
    }

    @Test
    void theTableIsAsFineAsTheDataBear() {
        LengthFit coarse = train(samples(4, 4_000, false, true)).length().orElseThrow();
        assertTrue(coarse.depth() == 1 || coarse.depth() == 2, coarse.toString());
        LengthFit fine = train(samples(4, 4_000, true, true)).length().orElseThrow();
        assertEquals(3, fine.depth(), fine.lossByDepth().toString());
    }

    @Test
    void repliesThatNobodyCountedTeachNothing() {
        TrainedPredictor trained = train(new SyntheticFleet(5, 0.1).samples(300));
        assertTrue(trained.length().isEmpty());
        assertFalse(Predictor.compile(trained.compiled())
                .outputLengths()
                .of("", 10, 0)
                .isKnown());
    }
}
