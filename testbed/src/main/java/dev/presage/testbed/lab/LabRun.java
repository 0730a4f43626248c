package dev.presage.testbed.lab;

import dev.presage.router.EndpointPicker;
import dev.presage.router.Routing;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Exchange;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.Policy;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.prefix.PrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.engine.FirstToken;
import dev.presage.testbed.engine.SimRequest;
import dev.presage.testbed.engine.StepResult;
import dev.presage.testbed.trace.PromptBlocks;
import dev.presage.testbed.trace.TraceRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One policy over one trace in virtual time. Two kinds of events, arrivals and ends of engine steps, are taken in order of
 * time; between them nothing happens. The same settings give the same result.
 */
final class LabRun {
    /** A request in the fleet. */
    private record InFlight(Exchange exchange, boolean counted) {}

    private final LabSettings settings;
    private final LabPolicy policy;
    private final VirtualClock clock = new VirtualClock();
    private final List<Replica> replicas = new ArrayList<>();
    private final Fleet fleet = new Fleet();
    private final PrefixIndex prefixes = new ApproximatePrefixIndex(1_000_000);
    private final Map<SimRequest, InFlight> inFlight = new IdentityHashMap<>();
    private final Map<SimRequest, Integer> cached = new IdentityHashMap<>();
    private final Tally tally = new Tally();
    private final @Nullable OnlineLearner learner;
    private final EndpointPicker picker;
    private boolean countingEnd;

    LabRun(FleetSpec spec, LabPolicy policy, LabSettings settings) {
        this(spec, policy, settings, List.of());
    }

    /** With listeners that hear of each decision and outcome before the run counts and learns it. */
    LabRun(FleetSpec spec, LabPolicy policy, LabSettings settings, List<RoutingListener> observers) {
        this.settings = settings;
        this.policy = policy;
        for (EngineProfile profile : spec.replicas()) {
            replicas.add(new Replica(replicas.size(), profile, settings.labelled()));
        }
        fleet.replace(replicas.stream().map(Replica::endpoint).toList());
        for (Replica replica : replicas) {
            prefixes.capacity(
                    replica.endpoint(), replica.engine().profile().kvBlocks() * (long) EngineProfile.BLOCK_TOKENS);
        }
        learner = policy.learns() ? new OnlineLearner(settings.seed()) : null;
        SplittableRandom random = new SplittableRandom(settings.seed());
        List<RoutingListener> listeners = new ArrayList<>(observers);
        listeners.add(new Listener());
        picker = new EndpointPicker(
                fleet, prefixes, Ladder.DEFAULT, listeners, clock, clock, () -> random, Duration.ofSeconds(5));
    }

    Fleet fleet() {
        return fleet;
    }

    /** Loads of adapters, over all replicas. */
    long adapterLoads() {
        return replicas.stream()
                .mapToLong(replica -> replica.engine().gauges().adapterLoads())
                .sum();
    }

    EndpointPicker picker() {
        return picker;
    }

    /** Replays the trace to the end of its last request. */
    PolicyResult run(List<TraceRequest> trace) {
        int count = Math.min(settings.requests(), trace.size());
        double origin = trace.getFirst().arrivalMs();
        for (int next = 0; next < count || !inFlight.isEmpty(); ) {
            Replica first = nextToEnd();
            double arrival =
                    next < count ? (trace.get(next).arrivalMs() - origin) / settings.speed() : Double.POSITIVE_INFINITY;
            StepResult step = first == null ? null : first.step();
            if (first != null && step != null && step.endMs() <= arrival) {
                endStep(first, step);
            } else {
                clock.advance(arrival);
                arrive(trace.get(next), next >= settings.warmup());
                next++;
            }
        }
        return tally.result(policy.name(), learner == null ? 0 : learner.versions());
    }

    private @Nullable Replica nextToEnd() {
        Replica first = null;
        double earliest = Double.POSITIVE_INFINITY;
        for (Replica replica : replicas) {
            StepResult step = replica.step();
            if (step != null && step.endMs() < earliest) {
                earliest = step.endMs();
                first = replica;
            }
        }
        return first;
    }

    private void arrive(TraceRequest request, boolean counted) {
        double now = clock.nowMs();
        replicas.forEach(this::scrape);
        if (learner != null) {
            learner.swapIfReady(picker, now);
        }
        String adapter = adapter(request);
        SimRequest simulated = new SimRequest(
                "r" + request.position(),
                PromptBlocks.hashes(request, EngineProfile.BLOCK_TOKENS),
                request.promptTokens(),
                request.outputTokens(),
                adapter);
        InferenceRequest asked = new InferenceRequest(
                simulated.id(),
                simulated.id(),
                adapter.isEmpty() ? "lab" : adapter,
                adapter.isEmpty() ? "lab" : adapter,
                Api.COMPLETIONS,
                request.promptTokens(),
                ofAdapter(adapter, PromptBlocks.hashes(request, InferenceRequest.BLOCK_TOKENS)),
                0,
                true,
                0,
                Map.of());
        Policy forced = policy.forced(replicas, simulated, now);
        switch (picker.route(asked, endpoint -> true, forced, "")) {
            case Routing.Started started -> {
                Replica chosen = replicas.get(started.decision().choice().candidate());
                inFlight.put(simulated, new InFlight(started.exchange(), counted));
                started.exchange().responseStarted(200, true);
                chosen.engine().submit(simulated, now);
                if (chosen.step() == null) {
                    chosen.next(now);
                }
            }
            case Routing.Refused refused -> throw new IllegalStateException("lab request refused: " + refused);
        }
    }

    /** A conversation keeps its adapter; its first block may be a system prompt that all share, the second is its own. */
    private String adapter(TraceRequest request) {
        if (settings.adapters() == 0) {
            return "";
        }
        long[] ids = request.hashIds();
        long conversation = ids.length == 0 ? request.position() : ids[Math.min(1, ids.length - 1)];
        return "adapter-" + Math.floorMod(Long.hashCode(conversation * 0x9E3779B97F4A7C15L), settings.adapters());
    }

    /** Blocks of one adapter are of no use to another, as the router's reader of bodies has it. */
    private static long[] ofAdapter(String adapter, long[] blocks) {
        if (adapter.isEmpty()) {
            return blocks;
        }
        return Arrays.stream(blocks)
                .map(block -> block ^ adapter.hashCode() * 0x9E3779B97F4A7C15L)
                .toArray();
    }

    private void endStep(Replica replica, StepResult step) {
        clock.advance(step.endMs());
        scrape(replica);
        for (FirstToken first : step.firstTokens()) {
            cached.put(first.request(), first.cachedTokens());
        }
        long arrived = clock.getAsLong();
        for (SimRequest request : step.emitting()) {
            known(request).exchange().streamedTokens(1, arrived);
        }
        for (SimRequest request : step.finished()) {
            InFlight ended = known(request);
            inFlight.remove(request);
            Integer hit = cached.remove(request);
            ended.exchange().usage(new Usage(request.promptTokens(), hit == null ? 0 : hit, request.outputTokens()));
            countingEnd = ended.counted();
            ended.exchange().end(EndCause.COMPLETED);
        }
        replica.next(step.endMs());
    }

    private InFlight known(SimRequest request) {
        InFlight flight = inFlight.get(request);
        if (flight == null) {
            throw new IllegalStateException(request + " emitted a token and is not in flight");
        }
        return flight;
    }

    private void scrape(Replica replica) {
        EngineSignals signals = replica.scrape(clock.nowMs());
        if (signals != null) {
            fleet.signals(replica.endpoint().id(), signals);
        }
    }

    private final class Listener implements RoutingListener {
        @Override
        public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
            // Only ends are counted.
        }

        @Override
        public void ended(Outcome outcome) {
            if (countingEnd) {
                tally.add(outcome, clock.nowMs());
            }
            if (learner != null) {
                learner.learn(outcome, clock.nowMs());
            }
        }
    }
}
