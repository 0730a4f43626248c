package dev.presage.testbed.lab;

import dev.presage.testbed.trace.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** All that the results show, in their order. */
final class Scenarios {
    static final Scenario UNLIKE =
            conversation("conversation, unlike fleet", Scenario.UNLIKE, 6_000).tuned();
    static final Scenario LIKE =
            conversation("conversation, fleet alike", Scenario.LIKE, 6_000).tuned();
    static final Scenario HIDDEN = hidden("conversation, unlike fleet, labels hidden");
    static final Scenario SHARED =
            shared("shared prompts, 64", Workload.SHARED_64).tuned();
    static final Scenario SLOWED = happening("a replica slows down 3 times midway", 6_000, "slow:1:3@900")
            .only(Scenario.BASELINES)
            .tuned();
    static final Scenario UNSEEN = routers("two routers that tell each other nothing", Double.POSITIVE_INFINITY);
    static final Scenario TOLD = routers("two routers that hear of each other's requests in 100 ms", 100);

    /** Where bounds are set to the learned policy besides that under stress. */
    static final List<Scenario> REQUIRED = List.of(UNLIKE, LIKE, SHARED, SLOWED, HIDDEN, UNSEEN, TOLD);

    /** Arrivals come at 1.4 to 2 times what the fleet can serve. */
    private static final List<Scenario> STRESSED = List.of(
            Scenario.of("stress: azure with sessions, fleet alike", Workload.AZURE_SESSIONS, Scenario.LIKE, 20, 7_000)
                    .stress()
                    .tuned(),
            Scenario.of("stress: conversation, unlike fleet", Workload.CONVERSATION, Scenario.UNLIKE, 2.5, 2_500)
                    .stress()
                    .tuned(),
            Scenario.of("stress: conversation, fleet alike", Workload.CONVERSATION, Scenario.LIKE, 2, 2_500)
                    .stress()
                    .tuned(),
            Scenario.of("stress: agents, fleet alike", Workload.AGENTS, Scenario.LIKE, 10, 3_000)
                    .stress()
                    .tuned(),
            Scenario.hotspots("stress: hotspots that do not fit", 150, 4.5, 2_000)
                    .stress()
                    .tuned());

    private static final List<Scenario> OTHERS = List.of(
            Scenario.hotspots("hotspots that fit the caches", 72, 6, 3_000)
                    .tuned()
                    .also("heuristic"),
            loras().tuned(),
            split(),
            Scenario.of("bursts, unlike fleet", Workload.BURSTS, Scenario.UNLIKE, 0.5, 3_000)
                    .tuned(),
            Scenario.of("agents, unlike fleet", Workload.AGENTS, Scenario.UNLIKE, 1, 3_000)
                    .tuned(),
            happening(
                    "fleet scaled down and up midway", 4_000, "leave:3@500", "leave:7@500", "join:2@800", "join:6@800"),
            shared("shared prompts, 16", Workload.SHARED_16).tuned(),
            shared("shared prompt, 1", Workload.SHARED_1).tuned(),
            Scenario.of(
                    "conversation's second half, unlike fleet", Workload.CONVERSATION_LATER, Scenario.UNLIKE, 1, 4_000),
            Scenario.of(
                            "conversation, fleet alike, 1.5 times as fast",
                            Workload.CONVERSATION,
                            Scenario.LIKE,
                            1.5,
                            4_000)
                    .tuned(),
            Scenario.of("agents, fleet alike, 6 times as fast", Workload.AGENTS, Scenario.LIKE, 6, 3_000)
                    .tuned(),
            Scenario.hotspots("hotspots that do not fit", 150, 2, 1_500),
            happening("a replica restarts midway", 4_000, "restart:1:60@600"),
            many("64 replicas", 64).tuned(),
            many("512 replicas", 512).only(List.of("lmetric", "learned-own", "learned")));

    /** What the objectives are compared in. */
    static final List<Scenario> ALL = Stream.of(REQUIRED, STRESSED, OTHERS)
            .<Scenario>mapMulti(List::forEach)
            .toList();

    /** What parts of the learned policy are taken away in. */
    static final List<Scenario> ABLATED = List.of(
            ablated(conversation("without parts: conversation, unlike fleet", Scenario.UNLIKE, 3_000)),
            ablated(Scenario.hotspots("without parts: hotspots that fit the caches", 72, 6, 2_500)),
            ablated(happening("without parts: a replica slows down 3 times midway", 3_000, "slow:1:3@450")));

    private Scenarios() {}

    private static Scenario conversation(String name, String fleet, int requests) {
        return Scenario.of(name, Workload.CONVERSATION, fleet, 1, requests);
    }

    private static Scenario hidden(String name) {
        Scenario shown = conversation(name, Scenario.UNLIKE, 6_000);
        return shown.set(shown.settings().unlabelled()).only(Scenario.BASELINES);
    }

    private static Scenario happening(String name, int requests, String... incidents) {
        Scenario quiet = conversation(name, Scenario.UNLIKE, requests);
        return quiet.set(quiet.settings().with(incidents));
    }

    private static Scenario routers(String name, double lagMs) {
        Scenario one = Scenario.of(name, Workload.CONVERSATION_SPREAD, Scenario.UNLIKE, 1, 4_000);
        return one.set(one.settings().routed(2, lagMs)).only(Scenario.BASELINES);
    }

    private static Scenario shared(String name, Workload workload) {
        return Scenario.of(name, workload, Scenario.LIKE, 1, 1_000).also("round-robin", "heuristic");
    }

    private static Scenario loras() {
        Scenario base = Scenario.of(
                "12 LoRA adapters, 4 replicas", Workload.CONVERSATION, "4*h100-llama-2-70b-hf-tp8", 0.5, 3_000);
        return base.set(base.settings().adapted(12)).only(List.of("heuristic", "lmetric", "learned-own", "learned"));
    }

    /** Four replicas compute prompts for four that answer, next to eight that do both. */
    private static Scenario split() {
        String half = "4*h100-llama-2-70b-hf-tp8";
        return Scenario.of(
                        "prefill and decode split",
                        Workload.CONVERSATION_SPREAD,
                        half + "=prefill," + half + "=decode",
                        1,
                        3_000)
                .only(List.of("split-lmetric", "split-learned", "lmetric", "learned"));
    }

    /** As busy a replica as eight of them are with the conversation. */
    private static Scenario many(String name, int replicas) {
        String fleet = replicas / 2 + "*h100-llama-2-70b-hf-tp8," + replicas / 2 + "*a100-llama-2-70b-hf-tp4";
        return Scenario.of(name, Workload.CONVERSATION, fleet, replicas / 8.0, 12_000);
    }

    private static Scenario ablated(Scenario whole) {
        List<String> policies = new ArrayList<>(List.of("lmetric", "learned", "learned-own"));
        Arrays.stream(Ablation.values())
                .filter(part -> part != Ablation.NONE)
                .forEach(part -> policies.add(LabPolicy.WITHOUT + part.label()));
        return whole.only(policies);
    }
}
