package dev.presage.trainer.service;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.Sample;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Holds models of a young window to the champion that the trainer started from: both predict each new sample before anything is learned
 * from it (Dawid, "Statistical theory: the prequential approach", 1984), and the own ones pass when their errors are surely smaller, or when the
 * window is no longer young. Used by one thread; bounded by {@value #KEPT} samples.
 */
final class Probation {
    private static final int KEPT = 300;
    /** Fewer say nothing. */
    private static final int ENOUGH = 30;
    /** Standard errors by which the own models must be better. */
    private static final double SURE = 2;
    /** Nothing that an endpoint does is farther off; one stuck request must not decide. */
    private static final double FARTHEST = Math.log(10);

    private record Errors(double champion, double own) {}

    private final Predecessor champion;
    private final Deque<Errors> latest = new ArrayDeque<>();
    private final Predictions predictions = new Predictions();
    private @Nullable Predictor own;

    Probation(Predecessor champion) {
        this.champion = champion;
    }

    /** A model was trained; it is judged by what comes now. */
    void trained(Predictor next) {
        own = next;
    }

    /** One more sample ended, and no model has learned from it yet. */
    void saw(Sample sample) {
        Predictor judged = own;
        if (judged == null || sample.getEndedAtMs() <= champion.untilMs()) {
            return;
        }
        if (latest.size() == KEPT) {
            latest.removeFirst();
        }
        latest.addLast(new Errors(error(champion.predictor(), sample), error(judged, sample)));
    }

    /** Sum over the targets that were observed. */
    private double error(Predictor predictor, Sample sample) {
        float[] row = FeatureSchema.row(sample.getFeaturesList());
        predictor.predict(row, new int[] {predictor.classIndex(sample.getEndpointClass())}, 1, predictions);
        return off(Target.TTFT, sample.getTtftMs()) + off(Target.TPOT, sample.getTpotMs());
    }

    /** A latency that was not observed is 0. */
    private double off(Target target, double ms) {
        return ms > 0 ? Math.min(FARTHEST, Math.abs(Math.log(ms / predictions.locationMs(target, 0)))) : 0;
    }

    /** @param windowSize samples in the window now */
    Standing standing(int windowSize) {
        double theirs = 0;
        double ours = 0;
        double gain = 0;
        double squares = 0;
        for (Errors one : latest) {
            theirs += one.champion();
            ours += one.own();
            gain += one.champion() - one.own();
            squares += (one.champion() - one.own()) * (one.champion() - one.own());
        }
        int count = latest.size();
        double variance = (squares - gain * gain / Math.max(1, count)) / Math.max(1, count - 1);
        boolean better = count >= ENOUGH && gain > SURE * Math.sqrt(count * Math.max(0, variance));
        return new Standing(
                champion.bundle(),
                count,
                theirs / Math.max(1, count),
                ours / Math.max(1, count),
                better || !champion.outweighs(windowSize));
    }
}
