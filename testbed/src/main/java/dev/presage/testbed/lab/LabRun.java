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
import dev.presage.router.peer.Flight;
import dev.presage.router.peer.FlightReporter;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Policy;
import dev.presage.router.predict.Aim;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.LatencyTargets;
import dev.presage.testbed.engine.FirstToken;
import dev.presage.testbed.engine.SimRequest;
import dev.presage.testbed.engine.StepResult;
import dev.presage.testbed.trace.TraceRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One policy over one trace in virtual time. Events (arrivals, ends of engine steps, incidents, news between routers) are taken in
 * order of time; between them nothing happens. The same settings give the same result.
 */
final class LabRun {
    /** What a router tells the others. */
    private record News(double atMs, int from, Flight flight) {}

    /** A request in the fleet. */
    private record InFlight(Exchange exchange, boolean counted, boolean late) {}

    /** Predictions are judged from this share of the requests on. */
    private static final double LATE = 0.7;

    private final LabSettings settings;
    private final LabPolicy policy;
    private final LabRequests requests;
    private final VirtualClock clock = new VirtualClock();
    private final VirtualFleet replicas;
    private final Handovers handovers;
    private final List<LabRouter> routers = new ArrayList<>();
    private final Deque<News> news = new ArrayDeque<>();
    private final SplittableRandom spread;
    private final Map<SimRequest, InFlight> inFlight = new IdentityHashMap<>();
    private final Map<SimRequest, Integer> cached = new IdentityHashMap<>();
    private final Tally tally;
    private final @Nullable OnlineLearner learner;
    private boolean countingEnd;
    private boolean lateEnd;
    private long peersHeard;

    LabRun(FleetSpec spec, LabPolicy policy, LabSettings settings) {
        this(spec, policy, settings, request -> settings.aim().targets());
    }

    /** With targets of each request's own. */
    LabRun(FleetSpec spec, LabPolicy policy, LabSettings settings, Function<InferenceRequest, LatencyTargets> targets) {
        this(spec, policy, settings, List.of(), targets);
    }

    /** With listeners that hear of each decision and outcome before the run counts and learns it. */
    LabRun(FleetSpec spec, LabPolicy policy, LabSettings settings, List<RoutingListener> observers) {
        this(spec, policy, settings, observers, request -> settings.aim().targets());
    }

    private LabRun(
            FleetSpec spec,
            LabPolicy policy,
            LabSettings settings,
            List<RoutingListener> observers,
            Function<InferenceRequest, LatencyTargets> targets) {
        this.settings = settings;
        this.policy = policy;
        requests = new LabRequests(settings.adapters());
        tally = new Tally(targets, settings.incidents());
        learner = policy.learns() ? new OnlineLearner(settings.seed(), policy::served) : null;
        List<RoutingListener> listeners = new ArrayList<>(observers);
        listeners.add(new Listener());
        Function<InferenceRequest, Aim> aims =
                policy.aims() ? request -> settings.aim().at(targets.apply(request)) : request -> Aim.NONE;
        for (int i = 0; i < settings.routers(); i++) {
            routers.add(new LabRouter(policy.ladder(), told(i, listeners), clock, settings.seed() + 7_919L * i, aims));
        }
        replicas = new VirtualFleet(spec, settings, this::discovered);
        handovers = new Handovers(replicas);
        spread = new SplittableRandom(settings.seed() + 1);
    }

    /** The router's listeners, and what tells the other routers, if they are told. */
    private List<RoutingListener> told(int router, List<RoutingListener> listeners) {
        if (settings.routers() == 1 || settings.peerLagMs() == Double.POSITIVE_INFINITY) {
            return listeners;
        }
        List<RoutingListener> all = new ArrayList<>(listeners);
        all.add(new FlightReporter(
                clock, flight -> news.add(new News(clock.nowMs() + settings.peerLagMs(), router, flight))));
        return all;
    }

    private void discovered(List<Replica> present) {
        routers.forEach(router -> router.discovered(present));
    }

    /** Where more can be made to happen. */
    VirtualFleet replicas() {
        return replicas;
    }

    VirtualClock clock() {
        return clock;
    }

    /** Of the first router. */
    Fleet fleet() {
        return routers.getFirst().fleet();
    }

    /** Loads of adapters, over all replicas. */
    long adapterLoads() {
        return replicas.present().stream()
                .mapToLong(replica -> replica.engine().gauges().adapterLoads())
                .sum();
    }

    /** Pieces of news that went from one router to another. */
    long peersHeard() {
        return peersHeard;
    }

    /** Of the first router. */
    EndpointPicker picker() {
        return routers.getFirst().picker();
    }

    /** Replays the trace to the end of its last request. */
    PolicyResult run(List<TraceRequest> trace) {
        int count = Math.min(settings.requests(), trace.size());
        double origin = trace.getFirst().arrivalMs();
        for (int next = 0; next < count || !inFlight.isEmpty() || !news.isEmpty(); ) {
            Replica first = replicas.nextToEnd();
            double arrival =
                    next < count ? (trace.get(next).arrivalMs() - origin) / settings.speed() : Double.POSITIVE_INFINITY;
            StepResult step = first == null ? null : first.step();
            double end = step == null ? Double.POSITIVE_INFINITY : step.endMs();
            double heard =
                    news.isEmpty() ? Double.POSITIVE_INFINITY : news.peekFirst().atMs();
            if (heard <= Math.min(Math.min(end, arrival), replicas.nextIncidentMs())) {
                spreadNews(news.removeFirst());
            } else if (replicas.nextIncidentMs() <= Math.min(end, arrival)) {
                clock.advance(replicas.nextIncidentMs());
                replicas.incident();
            } else if (first != null && step != null && end <= arrival) {
                endStep(first, step);
            } else {
                clock.advance(arrival);
                arrive(trace.get(next), next >= settings.warmup(), next >= LATE * count);
                next++;
            }
        }
        return tally.result(policy.name(), learner == null ? 0 : learner.versions());
    }

    private void spreadNews(News heard) {
        clock.advance(heard.atMs());
        for (int i = 0; i < routers.size(); i++) {
            if (i != heard.from()) {
                routers.get(i).peers().heard(heard.flight());
                peersHeard++;
            }
        }
    }

    private void arrive(TraceRequest request, boolean counted, boolean late) {
        double now = clock.nowMs();
        List<Replica> present = replicas.present();
        present.forEach(this::scrape);
        if (learner != null) {
            learner.swapIfReady(routers, now);
        }
        LabRouter router = routers.size() == 1 ? routers.getFirst() : routers.get(spread.nextInt(routers.size()));
        SimRequest simulated = requests.simulated(request);
        InferenceRequest asked = requests.asked(request, simulated);
        Policy forced = policy.forced(present, simulated, now);
        switch (router.picker().route(asked, endpoint -> true, forced, "")) {
            case Routing.Started started -> {
                inFlight.put(simulated, new InFlight(started.exchange(), counted, late));
                started.exchange().responseStarted(200, true);
                submit(started.decision(), simulated, now);
            }
            case Routing.Refused refused -> throw new IllegalStateException("lab request refused: " + refused);
        }
    }

    private void submit(Decision.Routed decision, SimRequest simulated, double nowMs) {
        Replica answers = replicas.at(decision.endpoint());
        Decision.Routed prefill = decision.itinerary().prefill();
        if (prefill == null) {
            answers.submit(simulated, nowMs);
        } else {
            handovers.begin(simulated, replicas.at(prefill.endpoint()), answers, nowMs);
        }
    }

    private void endStep(Replica replica, StepResult step) {
        clock.advance(step.endMs());
        scrape(replica);
        for (FirstToken first : step.firstTokens()) {
            cached.put(first.request(), first.cachedTokens());
        }
        long arrived = clock.getAsLong();
        for (SimRequest request : step.emitting()) {
            if (handovers.has(request)) {
                continue;
            }
            known(request).exchange().streamedTokens(1, arrived);
        }
        for (SimRequest request : step.finished()) {
            if (handovers.ended(request, step.endMs())) {
                cached.remove(request);
                continue;
            }
            InFlight ended = known(request);
            inFlight.remove(request);
            Integer hit = cached.remove(request);
            ended.exchange().usage(new Usage(request.promptTokens(), hit == null ? 0 : hit, request.outputTokens()));
            countingEnd = ended.counted();
            lateEnd = ended.late();
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
            routers.forEach(router -> router.fleet().signals(replica.endpoint().id(), signals));
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
                tally.add(outcome, clock.nowMs(), lateEnd);
            }
            if (learner != null) {
                learner.learn(outcome, clock.nowMs());
            }
        }
    }
}
