package dev.presage.pipeline.window;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.Sample;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A stratified sliding window over samples, bounded by {@link WindowLimits}. Fed in log order by one thread; a rebuild from
 * the log gives the same window.
 */
public final class TrainingWindow {
    private record Kept(long order, Sample sample) {}

    private final WindowLimits limits;
    private final Map<Stratum, Deque<Kept>> strata = new HashMap<>();
    private long offered;
    private long refused;
    private int size;
    private long newestMs;

    public TrainingWindow(WindowLimits limits) {
        this.limits = limits;
    }

    /** Takes a sample in; false when it has a feature schema that is neither this one nor an earlier one or no usable outcome, and cannot be learned from. */
    public boolean offer(Sample sample) {
        boolean usable = FeatureSchema.columns(sample.getFeatureSchema()) == sample.getFeaturesCount()
                && (sample.hasTtftMs() || sample.hasTpotMs());
        if (!usable) {
            refused++;
            return false;
        }
        newestMs = Math.max(newestMs, sample.getEndedAtMs());
        Deque<Kept> stratum = strata.computeIfAbsent(Stratum.of(sample), key -> new ArrayDeque<>());
        stratum.addLast(new Kept(offered++, sample));
        size++;
        if (stratum.size() > limits.perStratum()) {
            stratum.removeFirst();
            size--;
        }
        if (size > limits.total()) {
            dropOldest();
        }
        return true;
    }

    /** The samples in the order in which they were offered, those beyond the maximum age left out. */
    public List<Sample> samples() {
        long oldest = newestMs - limits.maxAge().toMillis();
        List<Kept> all = new ArrayList<>(size);
        strata.values().forEach(all::addAll);
        all.sort(Comparator.comparingLong(Kept::order));
        return all.stream()
                .map(Kept::sample)
                .filter(sample -> sample.getEndedAtMs() >= oldest)
                .toList();
    }

    /** Samples taken in since the start. */
    public long offered() {
        return offered;
    }

    /** Samples that could not be learned from. */
    public long refused() {
        return refused;
    }

    public int size() {
        return size;
    }

    private void dropOldest() {
        strata.values().stream()
                .filter(stratum -> !stratum.isEmpty())
                .min(Comparator.comparingLong(stratum -> stratum.getFirst().order()))
                .ifPresent(stratum -> {
                    stratum.removeFirst();
                    size--;
                });
    }
}
