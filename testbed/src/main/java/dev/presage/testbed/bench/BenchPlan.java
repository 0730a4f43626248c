package dev.presage.testbed.bench;

import java.time.Duration;
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
        boolean floor) {
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
        require("repeats", repeats, 1, 100);
        require("connections", connections, 1, 64);
        if (window.toMillis() < 100 || warmup.isNegative()) {
            throw new IllegalArgumentException(
                    "window " + window + " must be at least 100 ms and warm-up " + warmup + " at least 0");
        }
    }

    private static void require(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " " + value + " outside " + least + ".." + most);
        }
    }
}
