package dev.presage.trainer.learn;

import dev.presage.store.predict.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Leaves out what is no longer true: samples of an endpoint class from before its speed changed, where a work model without
 * them explains the newest samples better than one with them. Depends on the samples alone, so that a window rebuilt after a
 * restart is cut at the same place.
 */
final class Recency {
    private static final double JUDGED_SHARE = 0.2;

    private final Target target;

    private Recency(Target target) {
        this.target = target;
    }

    /** {@code fitted} or what is left of it, in the same order. */
    static FittedSet recent(FittedSet fitted) {
        return fitted.keeping(new Recency(fitted.target()).recent(fitted.data(), fitted.residuals()));
    }

    private TrainingSet recent(TrainingSet data, double[] residuals) {
        TrainingSet cut = since(data, changes(data, residuals));
        if (cut.size() == data.size()) {
            return data;
        }
        int judged = (int) (cut.size() * JUDGED_SHARE);
        TrainingSet newest = cut.slice(cut.size() - judged, cut.size());
        double with = error(data.slice(0, data.size() - judged), newest);
        double without = error(cut.slice(0, cut.size() - judged), newest);
        return without < with ? cut : data;
    }

    /** Number of samples to leave out, per class. */
    private static Map<String, Integer> changes(TrainingSet data, double[] residuals) {
        Map<String, List<Double>> byClass = new TreeMap<>();
        for (int i = 0; i < residuals.length; i++) {
            byClass.computeIfAbsent(data.endpointClass(i), name -> new ArrayList<>())
                    .add(residuals[i]);
        }
        Map<String, Integer> changes = new TreeMap<>();
        byClass.forEach((name, values) -> changes.put(
                name,
                ChangePoint.of(values.stream().mapToDouble(Double::doubleValue).toArray())));
        return changes;
    }

    private static TrainingSet since(TrainingSet data, Map<String, Integer> changes) {
        Map<String, Integer> left = new TreeMap<>(changes);
        TrainingSet kept = new TrainingSet();
        for (int i = 0; i < data.size(); i++) {
            if (left.merge(data.endpointClass(i), -1, Integer::sum) < 0) {
                kept.copy(data, i);
            }
        }
        return kept;
    }

    private double error(TrainingSet training, TrainingSet judged) {
        return Arrays.stream(WorkResiduals.of(new WorkFit(target).fit(training), judged, target))
                .map(Math::abs)
                .average()
                .orElse(Double.POSITIVE_INFINITY);
    }
}
