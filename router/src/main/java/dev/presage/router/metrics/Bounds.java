package dev.presage.router.metrics;

import java.time.Duration;
import java.util.stream.DoubleStream;

/** Histogram bounds. Those of the contract's metrics are the contract's, so that queries over both give one figure. */
final class Bounds {
    static final double[] REQUEST = {
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60, 120, 180,
        240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600
    };
    static final double[] TPOT = {
        0.0005, 0.00205, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.125, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2,
        3, 4.5, 6, 12, 18, 24, 30, 36, 48, 60, 90, 120, 180, 270, 360
    };
    static final double[] NTPOT = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10};
    /** The contract's begin at 0.1 ms; ours takes a tenth of that, so two finer ones come first. */
    static final double[] WORK = {0.00001, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1};

    /** From not waiting at all to the longest that a client may ask for. */
    static final double[] QUEUE = {
        0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600
    };

    static final double[] STREAM = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600};
    static final double[] REQUEST_BYTES = powersOfTwo(64, 25);
    static final double[] RESPONSE_BYTES = {
        1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_778, 65_536
    };
    static final double[] TOKENS = {
        1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_778, 65_536, 131_072, 262_144, 524_288,
        1_048_576
    };
    static final double[] OUTPUT_TOKENS = {1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192};
    static final double[] RATIO = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
    static final double[] HIT_BYTES = powersOfTwo(16, 13);
    /** Of a prediction's relative error. */
    static final double[] ERROR = {0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 2, 5, 10};

    private Bounds() {}

    static Duration[] durations(double[] seconds) {
        return DoubleStream.of(seconds)
                .mapToObj(bound -> Duration.ofNanos(Math.round(bound * 1e9)))
                .toArray(Duration[]::new);
    }

    private static double[] powersOfTwo(double first, int count) {
        return DoubleStream.iterate(first, bound -> 2 * bound).limit(count).toArray();
    }
}
