package dev.presage.testbed.engine;

/**
 * How an engine serves LoRA adapters.
 *
 * @param slots adapters that are in memory at once
 * @param loadMs how long the whole batch waits while one is loaded
 */
public record AdapterLimits(int slots, double loadMs) {
    /** Four adapters; 300 ms stands for a gigabyte of weights from the host's disk cache. An assumption, not a measurement. */
    public static final AdapterLimits DEFAULT = new AdapterLimits(4, 300);

    public AdapterLimits {
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be at least 1, got " + slots);
        }
        if (!(loadMs >= 0 && loadMs < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("loadMs must be at least 0 and finite, got " + loadMs);
        }
    }
}
