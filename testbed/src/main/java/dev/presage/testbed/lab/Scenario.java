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
        List<String> incidents) {
    private static final String UNLIKE = "4*h100-llama-2-70b-hf-tp8,4*a100-llama-2-70b-hf-tp4";
    private static final String LIKE = "8*h100-llama-2-70b-hf-tp4";

    /** All that the results show, in their order. */
    static final List<Scenario> ALL = List.of(
            conversation("conversation, unlike fleet", true, UNLIKE, 1),
            conversation("conversation, unlike fleet, hardware labels hidden", false, UNLIKE, 1)
                    .unlabelled(),
            conversation("conversation, fleet alike", true, LIKE, 1),
            new Scenario(
                    "conversation's second half, unlike fleet",
                    false,
                    Workload.CONVERSATION_LATER,
                    UNLIKE,
                    1,
                    6_000,
                    1_500,
                    true,
                    1,
                    List.of()),
            conversation("conversation, fleet alike, 1.5 times as fast", false, LIKE, 1.5),
            conversation("conversation, fleet alike, 3 times as fast (overload)", true, LIKE, 3),
            made("bursts, unlike fleet", Workload.BURSTS, UNLIKE, 1, 6_000),
            made("azure with sessions, fleet alike, 3 times as fast", Workload.AZURE_SESSIONS, LIKE, 3, 6_000),
            made("agents, unlike fleet", Workload.AGENTS, UNLIKE, 1, 5_000),
            made("shared prompt, 1", Workload.SHARED_1, LIKE, 1, 1_000),
            made("shared prompt, 16", Workload.SHARED_16, LIKE, 1, 1_000),
            made("shared prompt, 64", Workload.SHARED_64, LIKE, 1, 1_000),
            conversation("a replica slows down 3 times midway", true, UNLIKE, 1).with("slow:1:3@1500"),
            conversation("the same, labels hidden", true, UNLIKE, 1)
                    .unlabelled()
                    .with("slow:1:3@1500"),
            conversation("a replica restarts midway", false, UNLIKE, 1).with("restart:1:60@1500"),
            conversation("fleet scaled down and up midway", false, UNLIKE, 1)
                    .with("leave:3@900", "leave:7@900", "join:2@1200", "join:6@1200"),
            new Scenario(
                    "two routers that do not see each other's requests",
                    false,
                    Workload.CONVERSATION,
                    UNLIKE,
                    1,
                    6_000,
                    1_500,
                    true,
                    2,
                    List.of()),
            new Scenario(
                    "64 replicas, 8 times as fast",
                    false,
                    Workload.CONVERSATION,
                    "32*h100-llama-2-70b-hf-tp8,32*a100-llama-2-70b-hf-tp4",
                    8,
                    12_000,
                    3_000,
                    true,
                    1,
                    List.of()));

    private static Scenario conversation(String name, boolean tuned, String fleet, double speed) {
        return new Scenario(name, tuned, Workload.CONVERSATION, fleet, speed, 6_000, 1_500, true, 1, List.of());
    }

    private static Scenario made(String name, Workload workload, String fleet, double speed, int requests) {
        boolean shared = name.startsWith("shared");
        return new Scenario(
                name, false, workload, fleet, speed, requests, shared ? 0 : requests / 4, true, 1, List.of());
    }

    private Scenario unlabelled() {
        return new Scenario(name, tuned, workload, fleet, speed, requests, warmup, false, routers, incidents);
    }

    private Scenario with(String... happening) {
        return new Scenario(
                name, tuned, workload, fleet, speed, requests, warmup, labelled, routers, List.of(happening));
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
                incidents.stream().map(Incident::parse).toList());
        return new LabRun(FleetSpec.parse(fleet), LabPolicy.named(policy), settings).run(trace);
    }
}
