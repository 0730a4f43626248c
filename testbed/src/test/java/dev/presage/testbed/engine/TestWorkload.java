package dev.presage.testbed.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Seeded requests with shared prefixes, and a driver that submits them in virtual time. */
final class TestWorkload {
    record Arrival(double ms, SimRequest request) {}

    private TestWorkload() {}

    /** Requests over a tree of prefixes: each extends the prefix of an earlier one, or starts anew. */
    static List<Arrival> arrivals(Random random, int count, int maxPrompt, int maxOutput, double meanGapMs) {
        List<Arrival> arrivals = new ArrayList<>();
        List<long[]> prefixes = new ArrayList<>();
        double now = 0;
        for (int i = 0; i < count; i++) {
            now += random.nextDouble() < 0.3 ? 0 : -Math.log(1 - random.nextDouble()) * meanGapMs;
            int prompt = 1 + random.nextInt(maxPrompt);
            long[] hashes = new long[prompt / 16];
            long[] base = prefixes.isEmpty() || random.nextInt(4) == 0
                    ? new long[0]
                    : prefixes.get(random.nextInt(prefixes.size()));
            int shared = base.length == 0 ? 0 : random.nextInt(Math.min(base.length, hashes.length) + 1);
            System.arraycopy(base, 0, hashes, 0, shared);
            for (int k = shared; k < hashes.length; k++) {
                hashes[k] = random.nextLong();
            }
            prefixes.add(hashes);
            arrivals.add(new Arrival(now, new SimRequest("r" + i, hashes, prompt, 1 + random.nextInt(maxOutput))));
        }
        return arrivals;
    }

    /** Called at each arrival before the request is submitted, and after each step. */
    interface Watcher {
        default void beforeSubmit(SimRequest request, double nowMs) {}

        default void afterStep(StepResult step) {}
    }

    /** Runs to the end; returns for each request the times of its tokens. */
    static Map<String, List<Double>> run(Engine engine, List<Arrival> arrivals, Watcher watcher) {
        Map<String, List<Double>> tokens = new HashMap<>();
        double now = 0;
        int next = 0;
        while (next < arrivals.size() || !engine.idle()) {
            if (engine.idle()) {
                now = Math.max(now, arrivals.get(next).ms());
            }
            while (next < arrivals.size() && arrivals.get(next).ms() <= now) {
                Arrival arrival = arrivals.get(next++);
                watcher.beforeSubmit(arrival.request(), arrival.ms());
                engine.submit(arrival.request(), arrival.ms());
            }
            StepResult step = engine.step(now);
            now = step.endMs();
            for (SimRequest request : step.emitting()) {
                tokens.computeIfAbsent(request.id(), id -> new ArrayList<>()).add(now);
            }
            watcher.afterStep(step);
        }
        return tokens;
    }
}
