package dev.presage.store.evidence;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.predict.Target;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A challenger beside the champion on the same requests, each judged by what it said when the champion decided.
 *
 * @param samples requests that both predicted and whose outcome is known
 * @param agreement share of them that the challenger would have sent to the same endpoint
 * @param fromMs when the first was decided, milliseconds since the epoch
 * @param slices all requests, named {@link #ALL}, and parts of them, per target
 */
public record ShadowReport(
        BundleId champion,
        BundleId challenger,
        long samples,
        double agreement,
        long fromMs,
        long toMs,
        List<Comparison> slices) {
    /** The slice that holds every request. */
    public static final String ALL = "all";

    public ShadowReport {
        slices = List.copyOf(slices);
    }

    /**
     * Both on one slice for one target.
     *
     * @param better by which share the challenger's error is lower; null when there are too few requests to say
     */
    public record Comparison(
            String slice,
            Target target,
            long samples,
            Side champion,
            Side challenger,
            @Nullable Interval better) {}

    /**
     * One of the two.
     *
     * @param error mean of |ln(actual / predicted median)|, about the relative error
     * @param coverage share of outcomes at or below each predicted quantile, in the order of the levels
     */
    public record Side(double error, List<Double> levels, List<Double> coverage) {
        public Side {
            levels = List.copyOf(levels);
            coverage = List.copyOf(coverage);
        }

        /** The greatest distance of a coverage from its level. */
        public double miscalibration() {
            double worst = 0;
            for (int i = 0; i < levels.size(); i++) {
                worst = Math.max(worst, Math.abs(levels.get(i) - coverage.get(i)));
            }
            return worst;
        }
    }

    /** All requests, for one target. */
    public Optional<Comparison> overall(Target target) {
        return slices.stream()
                .filter(one -> one.slice().equals(ALL) && one.target() == target)
                .findFirst();
    }
}
