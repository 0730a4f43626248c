package dev.presage.router.fleet;

import java.util.Map;
import java.util.Set;

/**
 * What the last good scrape of an engine said. Written by the scraper.
 *
 * @param waiting requests in the engine's queue, finite
 * @param running requests in its batch, finite
 * @param kvUsage 0 to 1; what lies outside is clamped
 * @param blockSize tokens in a KV block, 0 when unknown
 * @param blocks KV blocks, 0 when unknown
 * @param loadedAdapters LoRA adapters with running requests
 * @param waitingAdapters LoRA adapters with waiting requests
 * @param maxAdapters LoRA adapters that one batch can hold, 0 when unknown
 * @param residentAdapters LoRA adapters believed to be in memory: those with running requests and the last ones that had some
 * @param attributes values of configured custom metrics, by their configured names
 * @param scrapedAtNanos the injected nano clock at the time of the scrape
 */
public record EngineSignals(
        double waiting,
        double running,
        double kvUsage,
        int blockSize,
        int blocks,
        Set<String> loadedAdapters,
        Set<String> waitingAdapters,
        int maxAdapters,
        Set<String> residentAdapters,
        Map<String, Double> attributes,
        long scrapedAtNanos) {

    /** Of an endpoint that was never scraped: unknown, not idle. */
    public static final EngineSignals UNKNOWN = new EngineSignals(0, 0, 0, 0, 0, Set.of(), Long.MIN_VALUE);

    public EngineSignals {
        if (!(waiting >= 0 && waiting < Double.POSITIVE_INFINITY)
                || !(running >= 0 && running < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "waiting " + waiting + " and running " + running + " must be at least 0 and finite");
        }
        if (Double.isNaN(kvUsage)) {
            throw new IllegalArgumentException("kvUsage must be a number, got " + kvUsage);
        }
        kvUsage = Math.clamp(kvUsage, 0, 1);
    }

    /** Of an engine that tells of nothing beyond its adapters in use. */
    public EngineSignals(
            double waiting,
            double running,
            double kvUsage,
            int blockSize,
            int blocks,
            Set<String> loadedAdapters,
            long scrapedAtNanos) {
        this(
                waiting,
                running,
                kvUsage,
                blockSize,
                blocks,
                loadedAdapters,
                Set.of(),
                0,
                loadedAdapters,
                Map.of(),
                scrapedAtNanos);
    }

    /** Whether a request of that name is seen to use an adapter here. */
    public boolean knowsAdapter(String name) {
        boolean none = residentAdapters.isEmpty() && waitingAdapters.isEmpty() && loadedAdapters.isEmpty();
        return !none
                && (residentAdapters.contains(name) || waitingAdapters.contains(name) || loadedAdapters.contains(name));
    }

    /**
     * How much of an adapter's load a request must still wait for: nothing when it is in memory, half when other requests wait
     * for it already, else all of it.
     */
    public double adapterMiss(String name) {
        if (residentAdapters.contains(name) || loadedAdapters.contains(name)) {
            return 0;
        }
        return waitingAdapters.contains(name) ? 0.5 : 1;
    }

    /** Whether the signals are at most {@code maxAgeNanos} old. */
    public boolean fresh(long nowNanos, long maxAgeNanos) {
        return scrapedAtNanos != Long.MIN_VALUE && nowNanos - scrapedAtNanos <= maxAgeNanos;
    }

    /** Tokens that the KV cache holds, 0 when the engine does not say. */
    public long kvCapacityTokens() {
        return (long) blockSize * blocks;
    }
}
