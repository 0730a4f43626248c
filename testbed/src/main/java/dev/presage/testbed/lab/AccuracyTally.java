package dev.presage.testbed.lab;

import dev.presage.pipeline.features.Slices;
import dev.presage.router.observe.Outcome;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** Compares outcomes with what was predicted when they were decided. */
final class AccuracyTally {
    /** Of one target. */
    private static final class Judged {
        private final Target target;
        private final DoubleStream.Builder errors = DoubleStream.builder();
        private final Coverage coverage;

        Judged(Target target) {
            this.target = target;
            coverage = new Coverage(target);
        }

        void add(double actualMs, Predictions predictions, int row, List<String> slices) {
            errors.add(Math.abs(predictions.locationMs(target, row) - actualMs) / actualMs);
            coverage.add(slices, actualMs, predictions, row);
        }

        double median() {
            double[] sorted = errors.build().toArray();
            Arrays.sort(sorted);
            return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
        }
    }

    private final Judged ttft = new Judged(Target.TTFT);
    private final Judged tpot = new Judged(Target.TPOT);

    /** Each stage of a split request by what was predicted of it. */
    void add(Outcome outcome) {
        outcome.legs().forEach(this::judge);
    }

    private void judge(Outcome outcome) {
        var choice = outcome.decision().choice();
        Predictions predictions = choice.predictions();
        if (predictions == null) {
            return;
        }
        List<String> slices = Slices.of(
                outcome.decision().candidates().row(choice.candidate()),
                outcome.decision().endpoint().endpointClass());
        if (outcome.ttftMs() != null) {
            ttft.add(outcome.ttftMs(), predictions, choice.candidate(), slices);
        }
        if (outcome.tpotMs() != null) {
            tpot.add(outcome.tpotMs(), predictions, choice.candidate(), slices);
        }
    }

    Accuracy result() {
        return new Accuracy(
                ttft.median(),
                tpot.median(),
                ttft.coverage.overall(),
                tpot.coverage.overall(),
                Math.max(ttft.coverage.overallGap(), tpot.coverage.overallGap()),
                Math.max(ttft.coverage.worstGap(), tpot.coverage.worstGap()));
    }
}
