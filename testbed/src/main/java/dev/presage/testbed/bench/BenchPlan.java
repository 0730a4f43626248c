package dev.presage.testbed.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is measured: every combination of fleet size, body size and load shape, {@code repeats} times, taking turns.
 *
 * @param endpoints fleet sizes
 * @param bodies request body sizes in bytes
 * @param window length of one measurement
 * @param warmup load before the first measurement of a process
 * @param tls on the router's port
 * @param prediction whether the router has a model
 * @param connections of the load client; a gateway has one per worker
 * @param floor whether the null server is measured too
 * @param envoy whether the load goes through a real Envoy
 * @param retrainEvery how often there is a new champion; zero for never
 */
record BenchPlan(
        List<Integer> endpoints,
        List<Integer> bodies,
        List<LoadShape> shapes,
        Duration window,
        int repeats,
        Duration warmup,
        boolean tls,
        boolean prediction,
        int connections,
        boolean floor,
        boolean envoy,
        Duration retrainEvery) {
    private static final double ENVOY_FIRST_TOKEN_MS = 0.2;
    private static final int WARMING_CONCURRENCY = 8;
    private static final int WARMING_RATE = 1_000;

    BenchPlan {
        endpoints = List.copyOf(endpoints);
        bodies = List.copyOf(bodies);
        shapes = List.copyOf(shapes);
        if (endpoints.isEmpty() || bodies.isEmpty() || shapes.isEmpty()) {
            throw new IllegalArgumentException("nothing to measure: endpoints " + endpoints + ", bodies " + bodies
                    + ", load " + shapes + " must not be empty");
        }
        for (int count : endpoints) {
            require("endpoints", count, 1, 4_096);
        }
        for (int size : bodies) {
            require("body", size, Prompts.MIN_BYTES, 16 << 20);
        }
        if (envoy && shapes.stream().anyMatch(LoadShape.Open.class::isInstance)) {
            throw new IllegalArgumentException("through Envoy the load is a closed loop, without rates");
        }
        require("repeats", repeats, 1, 100);
        require("connections", connections, 1, 64);
        if (!retrainEvery.isZero() && (retrainEvery.toMillis() < 1_000 || !prediction)) {
            throw new IllegalArgumentException(
                    "retraining every " + retrainEvery + " must be at least 1 s, with prediction on");
        }
        if (window.toMillis() < 100 || warmup.isNegative()) {
            throw new IllegalArgumentException(
                    "window " + window + " must be at least 100 ms and warm-up " + warmup + " at least 0");
        }
    }

    /**
     * When the model expects a streamed reply to begin. Through Envoy engines answer at once, so this is what Envoy, router
     * and clients take who share the cores: it grows with the requests under way.
     */
    double firstTokenMs() {
        return envoy
                ? ENVOY_FIRST_TOKEN_MS
                        * shapes.stream().mapToInt(BenchPlan::underWay).max().orElse(1)
                : ProcessorClient.FIRST_TOKEN_MS;
    }

    /** Loads of the kinds that are measured: plain and streamed replies are code of their own. */
    List<LoadShape> warmingShapes() {
        List<LoadShape> warming = new ArrayList<>(List.of(new LoadShape.Closed(WARMING_CONCURRENCY)));
        if (shapes.stream().anyMatch(LoadShape.Open.class::isInstance)) {
            warming.add(new LoadShape.Open(WARMING_RATE));
        }
        return List.copyOf(warming);
    }

    private static int underWay(LoadShape shape) {
        return shape instanceof LoadShape.Closed(int concurrency) ? concurrency : 1;
    }

    private static void require(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " " + value + " outside " + least + ".." + most);
        }
    }
}
