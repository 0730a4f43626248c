package dev.presage.trainer.evaluate;

import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.trainer.learn.Evaluations;

/**
 * How good picks by the lowest predicted TTFT are on a file of decisions, several candidate rows each, against their true means.
 *
 * @param decisions how many
 * @param top1 share in which the candidate with the lowest true TTFT was picked
 * @param pickedMs mean true TTFT of the picked candidates
 * @param oracleMs the same of the best ones
 */
record PickScore(int decisions, double top1, double pickedMs, double oracleMs) {

    /** Of rows of one decision that stand together; rows without a decision do not count. */
    static PickScore of(Predictor predictor, SampleFile test) {
        Predictions predictions = Evaluations.predict(predictor, test.samples());
        int decisions = 0;
        int best = 0;
        double picked = 0;
        double oracle = 0;
        for (int from = 0; from < test.samples().size(); ) {
            int to = from + 1;
            while (to < test.samples().size() && test.decision(to) == test.decision(from)) {
                to++;
            }
            if (test.decision(from) >= 0) {
                int chosen = from;
                int right = from;
                for (int row = from; row < to; row++) {
                    chosen = predictions.locationMs(Target.TTFT, row) < predictions.locationMs(Target.TTFT, chosen)
                            ? row
                            : chosen;
                    right = mean(test, row) < mean(test, right) ? row : right;
                }
                decisions++;
                best += mean(test, chosen) == mean(test, right) ? 1 : 0;
                picked += mean(test, chosen);
                oracle += mean(test, right);
            }
            from = to;
        }
        return new PickScore(decisions, (double) best / decisions, picked / decisions, oracle / decisions);
    }

    private static double mean(SampleFile test, int row) {
        return test.truths().get(row).ttftMean();
    }
}
