package dev.presage.store.evidence;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.features.Slices;
import dev.presage.pipeline.proto.Sample;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.predict.Target;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Judges a challenger beside the champion, sample by sample. Samples that not both of them predicted do not count. One thread; bounded by the
 * slices, whose names come from endpoint classes, to {@value #MAX_SLICES}.
 */
public final class ShadowJudge {
    private static final int MAX_SLICES = 200;

    private final BundleId champion;
    private final List<Double> championLevels;
    private final BundleId challenger;
    private final List<Double> challengerLevels;
    private final Map<Target, Map<String, PairedErrors>> errors = new EnumMap<>(Target.class);
    private long samples;
    private long agreed;
    private long fromMs;
    private long toMs;

    /** The levels are those of each bundle's manifest. */
    public ShadowJudge(
            BundleId champion, List<Double> championLevels, BundleId challenger, List<Double> challengerLevels) {
        this.champion = champion;
        this.championLevels = championLevels;
        this.challenger = challenger;
        this.challengerLevels = challengerLevels;
        for (Target target : Target.values()) {
            errors.put(target, new TreeMap<>());
        }
    }

    /** Takes a sample in; false when it says nothing of the two. */
    public boolean offer(Sample sample) {
        if (!sample.getBundleId().equals(champion.value())
                || !sample.getShadowBundleId().equals(challenger.value())
                || sample.getTtftQuantilesMsCount() != championLevels.size()
                || sample.getShadowTtftQuantilesMsCount() != challengerLevels.size()
                || !sample.hasTtftMs()) {
            return false;
        }
        fromMs = samples == 0 ? sample.getDecidedAtMs() : Math.min(fromMs, sample.getDecidedAtMs());
        toMs = Math.max(toMs, sample.getDecidedAtMs());
        samples++;
        agreed += sample.getShadowAgreed() ? 1 : 0;
        List<String> slices = slices(sample);
        add(
                Target.TTFT,
                slices,
                sample.getTtftMs(),
                sample.getTtftQuantilesMsList(),
                sample.getShadowTtftQuantilesMsList());
        if (sample.hasTpotMs()
                && sample.getTpotQuantilesMsCount() == championLevels.size()
                && sample.getShadowTpotQuantilesMsCount() == challengerLevels.size()) {
            add(
                    Target.TPOT,
                    slices,
                    sample.getTpotMs(),
                    sample.getTpotQuantilesMsList(),
                    sample.getShadowTpotQuantilesMsList());
        }
        return true;
    }

    public long samples() {
        return samples;
    }

    /** Empty before the first sample. */
    public Optional<ShadowReport> report() {
        if (samples == 0) {
            return Optional.empty();
        }
        List<ShadowReport.Comparison> comparisons = new ArrayList<>();
        errors.forEach(
                (target, slices) -> slices.forEach((name, paired) -> comparisons.add(paired.comparison(name, target))));
        return Optional.of(
                new ShadowReport(champion, challenger, samples, (double) agreed / samples, fromMs, toMs, comparisons));
    }

    private void add(
            Target target, List<String> names, double actualMs, List<Float> ofChampion, List<Float> ofChallenger) {
        Map<String, PairedErrors> slices = errors.get(target);
        if (slices == null) {
            return;
        }
        for (String name : names) {
            PairedErrors paired = slices.get(name);
            if (paired == null && slices.size() < MAX_SLICES) {
                paired = new PairedErrors(championLevels, challengerLevels);
                slices.put(name, paired);
            }
            if (paired != null) {
                paired.add(actualMs, ofChampion, ofChallenger);
            }
        }
    }

    private static List<String> slices(Sample sample) {
        float[] row = FeatureSchema.row(sample.getFeaturesList());
        List<String> names = new ArrayList<>(Slices.of(row, sample.getEndpointClass()));
        names.addFirst(ShadowReport.ALL);
        return names;
    }
}
