package dev.presage.testbed.lab;

import dev.presage.router.predict.Aim;
import java.util.Arrays;
import java.util.List;

/**
 * How a lab run replays its trace.
 *
 * @param requests at most this many of the trace
 * @param warmup the first ones, which load caches and models but are not counted
 * @param speed the trace's arrivals come this much faster
 * @param seed of every random draw
 * @param labelled whether replicas carry a hardware label; without it each is a class of its own
 * @param routers requests are spread at random over this many routers
 * @param peerLagMs how long it takes until a router hears of another one's request; infinite when they tell each other nothing
 * @param incidents what happens to replicas on the way
 * @param adapters conversations are spread over so many LoRA adapters; 0 for the base model alone
 * @param aim latency targets of every request, by which goodput is counted, and how policies that look at them pick
 */
record LabSettings(
        int requests,
        int warmup,
        double speed,
        long seed,
        boolean labelled,
        int routers,
        double peerLagMs,
        List<Incident> incidents,
        int adapters,
        Aim aim) {
    private static final int MAX_ADAPTERS = 1_024;
    private static final int MAX_ROUTERS = 16;

    public LabSettings {
        if (adapters < 0 || adapters > MAX_ADAPTERS) {
            throw new IllegalArgumentException("adapters " + adapters + " outside 0.." + MAX_ADAPTERS);
        }
        if (requests < 1 || warmup < 0 || warmup >= requests) {
            throw new IllegalArgumentException(
                    "warmup " + warmup + " must be at least 0 and below requests " + requests);
        }
        incidents = List.copyOf(incidents);
        if (routers < 1 || routers > MAX_ROUTERS) {
            throw new IllegalArgumentException("routers " + routers + " outside 1.." + MAX_ROUTERS);
        }
        if (!(peerLagMs >= 0)) {
            throw new IllegalArgumentException("peer lag " + peerLagMs + " ms must be at least 0");
        }
        if (!(speed > 0 && speed <= 1_000)) {
            throw new IllegalArgumentException("speed " + speed + " outside (0, 1000]");
        }
    }

    /** Refuses incidents of replicas that the fleet does not have. */
    void checkReplicas(int count) {
        for (Incident incident : incidents) {
            if (incident.replica() >= count) {
                throw new IllegalArgumentException(
                        "incident of replica " + incident.replica() + ", the fleet has 0.." + (count - 1));
            }
        }
    }

    /** The same with another seed. */
    LabSettings withSeed(long other) {
        return new LabSettings(requests, warmup, speed, other, labelled, routers, peerLagMs, incidents, adapters, aim);
    }

    /** The same with replicas that carry no hardware label. */
    LabSettings unlabelled() {
        return new LabSettings(requests, warmup, speed, seed, false, routers, peerLagMs, incidents, adapters, aim);
    }

    /** The same with these incidents, as {@link Incident} writes them. */
    LabSettings with(String... happening) {
        List<Incident> parsed = Arrays.stream(happening).map(Incident::parse).toList();
        return new LabSettings(requests, warmup, speed, seed, labelled, routers, peerLagMs, parsed, adapters, aim);
    }

    /** The same, spread over so many routers. */
    LabSettings routed(int count, double lagMs) {
        return new LabSettings(requests, warmup, speed, seed, labelled, count, lagMs, incidents, adapters, aim);
    }

    /** The same over so many adapters. */
    LabSettings adapted(int count) {
        return new LabSettings(requests, warmup, speed, seed, labelled, routers, peerLagMs, incidents, count, aim);
    }

    /** The base model alone, by routers that tell each other nothing, without targets. */
    LabSettings(
            int requests,
            int warmup,
            double speed,
            long seed,
            boolean labelled,
            int routers,
            List<Incident> incidents) {
        this(requests, warmup, speed, seed, labelled, routers, Double.POSITIVE_INFINITY, incidents, 0, Aim.NONE);
    }

    /** One router, no incident. */
    LabSettings(int requests, int warmup, double speed, long seed, boolean labelled) {
        this(requests, warmup, speed, seed, labelled, 1, List.of());
    }
}
