package dev.presage.router.plugin.admit;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.SaturationDetector;

/**
 * Saturation by queue and KV cache: per endpoint the larger of {@code waiting / queue} and {@code usage / kv}, averaged. As a
 * filter it leaves endpoints whose larger one is at most {@code 1 + headroom}, or all when none is.
 */
record UtilizationDetector(double queue, double kv, double headroom) implements SaturationDetector, Filter {
    static final UtilizationDetector DEFAULT = new UtilizationDetector(5, 0.8, 0);

    static UtilizationDetector read(Parameters given) {
        if (given.mentions("metricsStalenessThreshold")) {
            given.warn(
                    "takes no metricsStalenessThreshold of its own: --metrics-staleness-threshold says how old signals"
                            + " may be, after that the router's own count stands in");
        }
        return new UtilizationDetector(
                given.number("queueDepthThreshold", 1e-6, 1e9, DEFAULT.queue),
                given.number("kvCacheUtilThreshold", 1e-6, 1, DEFAULT.kv),
                given.number("headroom", 0, 1e6, DEFAULT.headroom));
    }

    @Override
    public String type() {
        return "utilization-detector";
    }

    /** What its signals do not show counts as waiting; where there are no fresh ones, the own count has it already. */
    @Override
    public double of(Round round, int candidate, int unseen) {
        int late = round.candidates().fresh(candidate) ? unseen : 0;
        return Math.max(
                (round.candidates().get(candidate, Feature.WAITING) + late) / queue,
                round.candidates().get(candidate, Feature.KV_USAGE) / kv);
    }

    @Override
    public Kept keep(Round round) {
        return Kept.whereAny(round, i -> of(round, i, 0) <= 1 + headroom);
    }
}
