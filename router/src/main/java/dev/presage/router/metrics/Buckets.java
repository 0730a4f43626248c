package dev.presage.router.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.DoubleStream;

/** Histogram bounds: a request takes milliseconds to minutes, a decision microseconds. */
final class Buckets {
    private static final Duration[] REQUEST = seconds(
            0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 4, 6, 8, 10, 15, 20, 30, 45, 60, 120, 300,
            600);
    private static final Duration[] TOKEN =
            seconds(0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2);
    private static final Duration[] DECISION =
            seconds(0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1);
    private static final double[] TOKENS = {
        1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072, 262_144, 1_048_576
    };
    private static final double[] RATIO = {0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 2, 5, 10};

    private Buckets() {}

    static Timer.Builder request(String name) {
        return Timer.builder(name).serviceLevelObjectives(REQUEST);
    }

    static Timer.Builder token(String name) {
        return Timer.builder(name).serviceLevelObjectives(TOKEN);
    }

    static Timer.Builder decision(String name) {
        return Timer.builder(name).serviceLevelObjectives(DECISION);
    }

    static DistributionSummary.Builder tokens(String name) {
        return DistributionSummary.builder(name).serviceLevelObjectives(TOKENS);
    }

    static DistributionSummary.Builder ratio(String name) {
        return DistributionSummary.builder(name).serviceLevelObjectives(RATIO);
    }

    private static Duration[] seconds(double... bounds) {
        return DoubleStream.of(bounds)
                .mapToObj(bound -> Duration.ofNanos(Math.round(bound * 1e9)))
                .toArray(Duration[]::new);
    }
}
