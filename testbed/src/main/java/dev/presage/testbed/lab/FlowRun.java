package dev.presage.testbed.lab;

import dev.presage.router.Routing;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.flow.Claim;
import dev.presage.router.flow.Claims;
import dev.presage.router.flow.FlowQueues;
import dev.presage.router.flow.Hold;
import dev.presage.router.flow.Sight;
import dev.presage.router.flow.Space;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Exchange;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Round;
import dev.presage.router.predict.Aim;
import dev.presage.router.program.ProgramBook;
import dev.presage.router.program.Stay;
import dev.presage.router.program.Staying;
import dev.presage.router.request.InferenceRequest;
import dev.presage.testbed.engine.FirstToken;
import dev.presage.testbed.engine.SimRequest;
import dev.presage.testbed.engine.StepResult;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Traffic in virtual time: production's queues and picker in front of simulated engines. Requests arrive, engine steps end, and after
 * each of these whoever has room goes. The same traffic and seed give the same result.
 */
final class FlowRun {
    /** One request on its way. */
    private static final class Job {
        final Arrival arrival;
        final SimRequest simulated;
        final InferenceRequest asked;

        @Nullable
        Exchange exchange;

        @Nullable
        Claim claim;

        int cachedTokens;

        Job(Arrival arrival) {
            this.arrival = arrival;
            simulated = REQUESTS.simulated(arrival.request());
            asked = REQUESTS.asked(arrival.request(), simulated, arrival.priority(), arrival.headers());
        }
    }

    private static final LabRequests REQUESTS = new LabRequests(0);
    private static final Predicate<Endpoint> ALL = endpoint -> true;

    private final FlowMode mode;
    private final LabPolicy policy;
    private final VirtualClock clock = new VirtualClock();
    private final LabRouter router;
    private final VirtualFleet replicas;
    private final Map<String, Replica> byId = new HashMap<>();
    private final Claims claims;
    private final FlowQueues<Job> queues;
    private final Space<Job> space;
    private final Map<SimRequest, Job> inFlight = new IdentityHashMap<>();
    private double lookedMs;
    private @Nullable Job sending;
    private final FlowTally tally;
    private final @Nullable OnlineLearner learner;

    FlowRun(FleetSpec fleet, LabPolicy policy, FlowMode mode, long seed, FlowTally tally) {
        this.mode = mode;
        this.policy = policy;
        this.tally = tally;
        learner = policy.learns() ? new OnlineLearner(seed) : null;
        ProgramBook book = new ProgramBook(clock);
        claims = new Claims(false, book);
        Scheduler scheduler = mode.keepsPrograms()
                ? new Staying(policy.ladder(), book, byId::containsKey, this::stayed)
                : policy.ladder();
        router = new LabRouter(scheduler, List.of(book, new Listener()), clock, seed, request -> Aim.NONE);
        replicas = new VirtualFleet(fleet, new LabSettings(1, 0, 1, seed, true), router::discovered);
        replicas.present().forEach(replica -> byId.put(replica.endpoint().id(), replica));
        queues = new FlowQueues<>(mode.settings(), 0);
        space = mode.space(this::round, replicas.present().size(), book);
    }

    /** Takes all arrivals and goes on until nothing waits or runs, or until {@code untilMs}. */
    void run(Arrivals arrivals, double untilMs) {
        while (clock.nowMs() < untilMs
                && (arrivals.nextMs() < Double.POSITIVE_INFINITY || !inFlight.isEmpty() || !queues.isEmpty())) {
            Replica first = replicas.nextToEnd();
            double arrival = arrivals.nextMs();
            StepResult step = first == null ? null : first.step();
            double end = step == null ? Double.POSITIVE_INFINITY : step.endMs();
            double expiry = Math.min(queues.nextDueNanos() * 1e-6, nextLookMs());
            if (first != null && step != null && end <= Math.min(arrival, expiry)) {
                endStep(first, step, arrivals);
            } else if (arrival <= expiry) {
                clock.advance(arrival);
                arrive(new Job(arrivals.take()));
            } else {
                clock.advance(expiry);
                replicas.present().forEach(this::scrape);
            }
            expire();
            sendAll();
        }
    }

    private void arrive(Job job) {
        replicas.present().forEach(this::scrape);
        if (learner != null) {
            learner.swapIfReady(List.of(router), clock.nowMs());
        }
        tally.arrived(job.arrival);
        if (mode == FlowMode.NONE) {
            send(job, ALL);
            return;
        }
        Claim claim = claims.of(job.asked, round(job), 0, clock.getAsLong());
        job.claim = claim;
        if (queues.offer(job, claim, clock.getAsLong()).isPresent()) {
            tally.turnedAway(job.arrival);
        } else {
            tally.waits(job.arrival, clock.nowMs());
        }
    }

    private void stayed(Stay stay) {
        if (sending != null) {
            tally.stayed(sending.arrival, stay);
        }
    }

    private Round round(Job job) {
        return router.picker().round(job.asked, ALL, LatencySettings.DEFAULT);
    }

    private void expire() {
        for (FlowQueues.Expired<Job> expired : queues.expire(clock.getAsLong())) {
            tally.expired(expired.what().arrival, clock.nowMs());
        }
    }

    /** When the queues are looked at though nothing happened; only where that is done at a pace. */
    private double nextLookMs() {
        return mode.paceMs() == 0 || queues.isEmpty() ? Double.POSITIVE_INFINITY : lookedMs + mode.paceMs();
    }

    private void sendAll() {
        boolean more = mode.paceMs() == 0 || clock.nowMs() >= lookedMs + mode.paceMs();
        while (more) {
            lookedMs = clock.nowMs();
            Optional<FlowQueues.Next<Job>> next = queues.next(space, clock.getAsLong());
            next.ifPresent(this::sendNext);
            more = next.isPresent() && mode.paceMs() == 0;
        }
    }

    private void sendNext(FlowQueues.Next<Job> next) {
        tally.sent(next.what().arrival, clock.nowMs());
        Hold hold = next.hold();
        if (hold != null) {
            long now = clock.getAsLong();
            tally.held(hold.endedBy(next.sight(), now), hold.lastedNanos(now) * 1e-6);
        }
        send(next.what(), among(next.sight()));
    }

    private static Predicate<Endpoint> among(Sight sight) {
        return sight instanceof Sight.Room(var endpoints) ? endpoint -> endpoints.contains(endpoint.id()) : ALL;
    }

    private void send(Job job, Predicate<Endpoint> among) {
        double now = clock.nowMs();
        var forced = policy.forced(replicas.present(), job.simulated, now);
        sending = job;
        switch (router.picker().route(job.asked, among, forced, "")) {
            case Routing.Started(Decision.Routed decision, Exchange exchange) -> {
                Replica chosen = known(decision.endpoint().id());
                job.exchange = exchange;
                inFlight.put(job.simulated, job);
                exchange.responseStarted(200, true);
                space.sent(
                        chosen.endpoint().id(),
                        router.fleet().scrapedAtNanos(chosen.endpoint().id()));
                chosen.engine().submit(job.simulated, now);
                if (chosen.step() == null) {
                    chosen.next(now);
                }
            }
            case Routing.Refused refused -> throw new IllegalStateException("lab request refused: " + refused);
        }
    }

    private Replica known(String id) {
        Replica replica = byId.get(id);
        if (replica == null) {
            throw new IllegalStateException("no replica " + id);
        }
        return replica;
    }

    private void endStep(Replica replica, StepResult step, Arrivals arrivals) {
        clock.advance(step.endMs());
        tally.worked(step.startMs(), step.endMs());
        scrape(replica);
        for (FirstToken first : step.firstTokens()) {
            Job job = job(first.request());
            job.cachedTokens = first.cachedTokens();
            tally.firstToken(job.arrival, first.cachedTokens(), clock.nowMs());
        }
        long arrived = clock.getAsLong();
        for (SimRequest request : step.emitting()) {
            tally.token(job(request).arrival, clock.nowMs());
            exchange(request).streamedTokens(1, arrived);
        }
        for (SimRequest request : step.finished()) {
            Job job = job(request);
            exchange(request).usage(new Usage(request.promptTokens(), job.cachedTokens, request.outputTokens()));
            exchange(request).end(EndCause.COMPLETED);
            inFlight.remove(request);
            tally.finished(job.arrival, clock.nowMs());
            arrivals.answered(job.arrival, clock.nowMs());
            claims.answered("lab", request.outputTokens());
            if (job.claim != null) {
                queues.settled(job.claim, request.promptTokens() - job.cachedTokens + request.outputTokens());
            }
        }
        replica.next(step.endMs());
    }

    private Job job(SimRequest request) {
        Job job = inFlight.get(request);
        if (job == null) {
            throw new IllegalStateException(request + " is not in flight");
        }
        return job;
    }

    private Exchange exchange(SimRequest request) {
        Exchange exchange = job(request).exchange;
        if (exchange == null) {
            throw new IllegalStateException(request + " was not sent");
        }
        return exchange;
    }

    private void scrape(Replica replica) {
        EngineSignals signals = replica.scrape(clock.nowMs());
        if (signals != null) {
            router.fleet().signals(replica.endpoint().id(), signals);
        }
    }

    private final class Listener implements RoutingListener {
        @Override
        public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
            // Only ends teach.
        }

        @Override
        public void ended(Outcome outcome) {
            if (learner != null) {
                learner.learn(outcome, clock.nowMs());
            }
        }
    }
}
