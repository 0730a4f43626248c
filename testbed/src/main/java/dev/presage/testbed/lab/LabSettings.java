package dev.presage.testbed.lab;

/**
 * How a lab run replays its trace.
 *
 * @param requests at most this many of the trace
 * @param warmup the first ones, which load caches and models but are not counted
 * @param speed the trace's arrivals come this much faster
 * @param seed of every random draw
 * @param labelled whether replicas carry a hardware label; without it each is a class of its own
 * @param adapters conversations are spread over so many LoRA adapters; 0 for the base model alone
 */
record LabSettings(int requests, int warmup, double speed, long seed, boolean labelled, int adapters) {
    static final int MAX_ADAPTERS = 1_024;

    public LabSettings {
        if (adapters < 0 || adapters > MAX_ADAPTERS) {
            throw new IllegalArgumentException("adapters " + adapters + " outside 0.." + MAX_ADAPTERS);
        }
        if (requests < 1 || warmup < 0 || warmup >= requests) {
            throw new IllegalArgumentException(
                    "warmup " + warmup + " must be at least 0 and below requests " + requests);
        }
        if (!(speed > 0 && speed <= 1_000)) {
            throw new IllegalArgumentException("speed " + speed + " outside (0, 1000]");
        }
    }

    /** The base model alone. */
    LabSettings(int requests, int warmup, double speed, long seed, boolean labelled) {
        this(requests, warmup, speed, seed, labelled, 0);
    }
}
