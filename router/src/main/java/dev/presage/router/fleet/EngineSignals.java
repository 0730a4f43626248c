package dev.presage.router.fleet;

import java.util.Set;

/**
 * What the last good scrape of an engine said. Written by the scraper.
 *
 * @param waiting requests in the engine's queue, finite
 * @param running requests in its batch, finite
 * @param kvUsage 0 to 1; what lies outside is clamped
 * @param blockSize tokens in a KV block, 0 when unknown
 * @param blocks KV blocks, 0 when unknown
 * @param loadedAdapters LoRA adapters in memory
 * @param waitingAdapters LoRA adapters that requests wait for
 * @param maxAdapters LoRA adapters that fit into memory, 0 when unknown
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
        long scrapedAtNanos) {

    /** Of an endpoint that was never scraped: unknown, not idle. */
    public static final EngineSignals UNKNOWN = new EngineSignals(0, 0, 0, 0, 0, Set.of(), Long.MIN_VALUE);

    /** Of an engine whose adapters wait for nothing and have no known bound. */
    public EngineSignals(
            double waiting,
            double running,
            double kvUsage,
            int blockSize,
            int blocks,
            Set<String> loadedAdapters,
            long scrapedAtNanos) {
        this(waiting, running, kvUsage, blockSize, blocks, loadedAdapters, Set.of(), 0, scrapedAtNanos);
    }

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

    /** Whether the signals are at most {@code maxAgeNanos} old. */
    public boolean fresh(long nowNanos, long maxAgeNanos) {
        return scrapedAtNanos != Long.MIN_VALUE && nowNanos - scrapedAtNanos <= maxAgeNanos;
    }

    /** Tokens that the KV cache holds, 0 when the engine does not say. */
    public long kvCapacityTokens() {
        return (long) blockSize * blocks;
    }
}
