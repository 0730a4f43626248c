package dev.presage.testbed.lab;

/**
 * How a lab run replays its trace.
 *
 * @param requests at most this many of the trace
 * @param warmup the first ones, which load caches and models but are not counted
 * @param speed the trace's arrivals come this much faster
 * @param seed of every random draw
 * @param labelled whether replicas carry a hardware label; without it each is a class of its own
 */
record LabSettings(int requests, int warmup, double speed, long seed, boolean labelled) {
    public LabSettings {
        if (requests < 1 || warmup < 0 || warmup >= requests) {
            throw new IllegalArgumentException(
                    "warmup " + warmup + " must be at least 0 and below requests " + requests);
        }
        if (!(speed > 0 && speed <= 1_000)) {
            throw new IllegalArgumentException("speed " + speed + " outside (0, 1000]");
        }
    }
}
