package dev.presage.testbed.lab;

import dev.presage.testbed.trace.TraceRequest;
import dev.presage.testbed.trace.Workload;
import java.util.List;

/**
 * One row of the results: a workload on a fleet, with what happens on the way.
 *
 * @param tuned whether anything was tuned on it; the others were only measured
 */
record Scenario(
        String name,
        boolean tuned,
        Workload workload,
        String fleet,
        double speed,
        int requests,
        int warmup,
        boolean labelled,
        int routers,
        double peerLagMs,
        List<String> incidents) {
    private static final String UNLIKE = "4*h100-llama-2-70b-hf-tp8,4*a100-llama-2-70b-hf-tp4";
    private static final String LIKE = "8*h100-llama-2-70b-hf-tp4";

    /** All that the results show, in their order. */
    static final List<Scenario> ALL = List.of(
            conversation("conversation, unlike fleet", true, UNLIKE, 1),
            conversation("conversation, fleet alike", true, LIKE, 1),
            new Scenario(
                            "azure with sessions, fleet alike, 20 times as fast (overload)",
                            true,
                            Workload.AZURE_SESSIONS,
                            LIKE,
                            20)
                    .of(6_000),
            new Scenario("bursts, fleet alike, twice as fast (overload)", false, Workload.BURSTS, LIKE, 2).of(3_000),
            new Scenario("two routers that tell each other nothing", false, Workload.CONVERSATION_SPREAD, UNLIKE, 1)
                    .routers(2, Double.POSITIVE_INFINITY),
            new Scenario(
                            "two routers that hear of each other's requests in 100 ms",
                            false,
                            Workload.CONVERSATION_SPREAD,
                            UNLIKE,
                            1)
                    .routers(2, 100),
            new Scenario("the same, ten requests at one instant", false, Workload.CONVERSATION, UNLIKE, 1)
                    .routers(2, 100),
            new Scenario("conversation, fleet alike, twice as fast (overload)", true, Workload.CONVERSATION, LIKE, 2)
                    .of(3_000),
            new Scenario("shared prompt, 64", false, Workload.SHARED_64, LIKE, 1).of(1_000),
            conversation("a replica slows down 3 times midway", true, UNLIKE, 1).with("slow:1:3@1500"),
            conversation("conversation, unlike fleet, hardware labels hidden", false, UNLIKE, 1)
                    .unlabelled(),
            conversation("the same, a replica slows down 3 times midway", true, UNLIKE, 1)
                    .unlabelled()
                    .with("slow:1:3@1500"),
            new Scenario("conversation's second half, unlike fleet", false, Workload.CONVERSATION_LATER, UNLIKE, 1),
            new Scenario("bursts, unlike fleet", false, Workload.BURSTS, UNLIKE, 1),
            new Scenario("agents, unlike fleet", false, Workload.AGENTS, UNLIKE, 1).of(5_000),
            new Scenario("agents, fleet alike, 6 times as fast", true, Workload.AGENTS, LIKE, 6).of(3_000),
            new Scenario("shared prompt, 1", false, Workload.SHARED_1, LIKE, 1).of(1_000),
            new Scenario("shared prompt, 16", false, Workload.SHARED_16, LIKE, 1).of(1_000),
            conversation("a replica restarts midway", false, UNLIKE, 1).with("restart:1:60@1500"),
            conversation("fleet scaled down and up midway", false, UNLIKE, 1)
                    .with("leave:3@900", "leave:7@900", "join:2@1200", "join:6@1200"),
            new Scenario(
                            "64 replicas, 8 times as fast",
                            false,
                            Workload.CONVERSATION,
                            "32*h100-llama-2-70b-hf-tp8,32*a100-llama-2-70b-hf-tp4",
                            8)
                    .of(12_000));

    private Scenario(String name, boolean tuned, Workload workload, String fleet, double speed) {
        this(name, tuned, workload, fleet, speed, 6_000, 1_500, true, 1, Double.POSITIVE_INFINITY, List.of());
    }

    private static Scenario conversation(String name, boolean tuned, String fleet, double speed) {
        return new Scenario(name, tuned, Workload.CONVERSATION, fleet, speed);
    }

    /** With so many requests, a quarter of them to warm up; a short trace counts whole. */
    private Scenario of(int count) {
        int warm = count > 1_000 ? count / 4 : 0;
        return new Scenario(name, tuned, workload, fleet, speed, count, warm, labelled, routers, peerLagMs, incidents);
    }

    private Scenario unlabelled() {
        return new Scenario(
                name, tuned, workload, fleet, speed, requests, warmup, false, routers, peerLagMs, incidents);
    }

    private Scenario with(String... happening) {
        return new Scenario(
                name,
                tuned,
                workload,
                fleet,
                speed,
                requests,
                warmup,
                labelled,
                routers,
                peerLagMs,
                List.of(happening));
    }

    private Scenario routers(int count, double lagMs) {
        return new Scenario(name, tuned, workload, fleet, speed, requests, warmup, labelled, count, lagMs, incidents);
    }

    /** One run; the seed draws the trace, ties and explorations. */
    PolicyResult run(String policy, long seed) {
        List<TraceRequest> trace = workload.trace(seed);
        LabSettings settings = new LabSettings(
                Math.min(requests, trace.size()),
                warmup,
                speed,
                seed,
                labelled,
                routers,
                peerLagMs,
                incidents.stream().map(Incident::parse).toList(),
                0);
        return new LabRun(FleetSpec.parse(fleet), LabPolicy.named(policy), settings).run(trace);
    }
}
