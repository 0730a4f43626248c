package dev.presage.router.flow;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Held;
import dev.presage.router.plugin.FaultLog;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.program.ProgramBook;
import dev.presage.router.request.InferenceRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What {@link FlowControl} does with the requests at the door: queues them, sends them where there is room, turns them away, and keeps the
 * books of those that were sent. Used by one thread at a time, which says when to {@link #step}; told the time by the picker's clock. What
 * fails concerning one request is told, and that one goes on without flow control. Bounded by the open streams.
 */
final class FlowDesk {
    private static final Predicate<Endpoint> ANY = endpoint -> true;
    /** Signals change with each scrape, which nobody announces. */
    private static final long LOOK_AGAIN_NANOS = 5_000_000;

    private static final long SWEEP_NANOS = 1_000_000_000;

    private final FlowSettings settings;
    private final Fleet fleet;
    private final Glance<Ticket> rounds;
    private final FleetSpace<Ticket> fleetSpace;
    private final Space<Ticket> space;
    private final LongSupplier nanoClock;
    private final FlowListener listener;
    private final Claims claims;
    private final Map<String, Claim> inFlight = new HashMap<>();
    private final Evictions<Ticket> evictions = new Evictions<>();
    private final Map<Ticket, Claim> entered = new HashMap<>();
    private FlowQueues<Ticket> queues;
    private long sweptNanos;

    FlowDesk(
            FlowSettings settings,
            Fleet fleet,
            Function<Ticket, Round> rounds,
            SaturationDetector detector,
            LongSupplier nanoClock,
            FlowListener listener,
            ProgramBook programs) {
        this.settings = settings;
        this.fleet = fleet;
        this.rounds = new Glance<>(rounds);
        this.fleetSpace = new FleetSpace<>(this.rounds, detector, new FaultLog());
        this.space = new ProgramSpace<>(fleetSpace, this.rounds, programs);
        this.nanoClock = nanoClock;
        this.listener = listener;
        this.claims = new Claims(settings.orders(Ordering.PREDICTED_FINISH), programs);
        this.queues = new FlowQueues<>(settings, nanoClock.getAsLong());
        this.sweptNanos = nanoClock.getAsLong();
    }

    /** In how much time there is something to do at the latest, if nothing happens before. */
    long patienceNanos() {
        long now = nanoClock.getAsLong();
        long wait = queues.isEmpty() ? SWEEP_NANOS : LOOK_AGAIN_NANOS;
        return Math.clamp(queues.nextDueNanos() - now, 0, wait);
    }

    /** The pool has as many endpoints as it has now. */
    void observe() {
        int endpoints = fleet.endpoints().size();
        fleetSpace.pool(endpoints);
        queues.endpoints(endpoints > 0, nanoClock.getAsLong());
    }

    /** Everything that is due at this moment. */
    FlowControl.View step() {
        long now = nanoClock.getAsLong();
        for (FlowQueues.Expired<Ticket> expired : queues.expire(now)) {
            turnAway(expired.what(), expired.outcome(), expired.waitedNanos());
        }
        if (!queues.isEmpty()) {
            for (Optional<FlowQueues.Next<Ticket>> next = queues.next(space, now);
                    next.isPresent();
                    next = queues.next(space, now)) {
                send(next.get());
            }
            listener.cycled(nanoClock.getAsLong() - now);
            if (settings.evicts()) {
                queues.blocked().ifPresent(head -> evict(head, now));
            }
        }
        if (now - sweptNanos >= SWEEP_NANOS) {
            queues.forget(now);
            sweptNanos = now;
        }
        rounds.over();
        return view();
    }

    FlowControl.View view() {
        return new FlowControl.View(queues.view(), queues.size(), queues.bytes(), evictions.pending());
    }

    private void evict(FlowQueues.Blocked head, long now) {
        for (Evictions.Served<Ticket> served : evictions.chosen(head.priority(), head.endpoints(), now)) {
            listener.evicting();
            served.what().answer().takeBack();
        }
    }

    /** A request wants in. */
    void offer(Ticket ticket) {
        InferenceRequest request = ticket.request();
        try {
            long now = nanoClock.getAsLong();
            Claim claim = claims.of(request, rounds.apply(ticket), ticket.bytes(), ticket.receivedNanos());
            Optional<FlowOutcome> refused = queues.offer(ticket, claim, now);
            if (refused.isPresent()) {
                listener.refused(request, claim, refused.get(), nanoClock.getAsLong() - now);
                ticket.answer().turnedAway(refused.get().decision(queues.retryAfterSeconds(claim.priority(), now)));
            } else {
                entered.put(ticket, claim);
                listener.entered(request, claim, nanoClock.getAsLong() - now);
            }
        } catch (RuntimeException | LinkageError e) {
            listener.fault("flow", e);
            queues.cancel(ticket, nanoClock.getAsLong());
            entered.remove(ticket);
            ticket.answer().go(ANY);
        }
    }

    private void send(FlowQueues.Next<Ticket> next) {
        Ticket ticket = next.what();
        entered.remove(ticket);
        listener.left(ticket.request(), next.claim(), FlowOutcome.DISPATCHED, next.waitedNanos());
        Hold hold = next.hold();
        long now = nanoClock.getAsLong();
        if (hold != null) {
            listener.held(ticket.request(), hold.endedBy(next.sight(), now), hold.lastedNanos(now));
        }
        Predicate<Endpoint> among =
                next.sight() instanceof Sight.Room(var endpoints) ? endpoint -> endpoints.contains(endpoint.id()) : ANY;
        Round seen = rounds.last(ticket);
        Endpoint went = seen == null || seen.isEmpty()
                ? ticket.answer().go(among)
                : ticket.answer()
                        .go(
                                among,
                                seen.candidates(),
                                hold == null ? Held.NOT : hold.over(next.sight(), seen.candidates(), now));
        rounds.over();
        if (went != null) {
            inFlight.put(ticket.request().id(), next.claim());
            evictions.sent(ticket.request().id(), ticket, next.claim().priority(), went.id());
            space.sent(went.id(), fleet.scrapedAtNanos(went.id()));
        }
    }

    private void turnAway(Ticket ticket, FlowOutcome outcome, long waitedNanos) {
        Claim claim = entered.remove(ticket);
        if (claim != null) {
            listener.left(ticket.request(), claim, outcome, waitedNanos);
            int retry = queues.retryAfterSeconds(claim.priority(), nanoClock.getAsLong());
            ticket.answer().turnedAway(outcome.decision(retry));
        }
    }

    /** Its client is gone. */
    void cancel(Ticket ticket) {
        Claim claim = entered.remove(ticket);
        if (claim != null && queues.cancel(ticket, nanoClock.getAsLong())) {
            long waited = nanoClock.getAsLong() - ticket.receivedNanos();
            listener.left(ticket.request(), claim, FlowOutcome.EVICTED_CONTEXT_CANCELLED, waited);
        }
    }

    /** A request that was sent ended. */
    void settle(Outcome outcome) {
        InferenceRequest request = outcome.decision().candidates().request();
        Claim claim = inFlight.remove(request.id());
        evictions.ended(request.id(), nanoClock.getAsLong()).ifPresent(listener::evicted);
        Usage usage = outcome.usage();
        if (usage.outputTokens() >= 0) {
            claims.answered(request.model(), usage.outputTokens());
        }
        if (claim != null && usage.outputTokens() >= 0) {
            int prompt = usage.promptTokens() > 0 ? usage.promptTokens() : request.promptTokens();
            int cached = usage.cachedTokens() >= 0
                    ? usage.cachedTokens()
                    : outcome.decision()
                            .candidates()
                            .cachedTokens(outcome.decision().choice().candidate());
            queues.settled(claim, Math.max(0, prompt - cached) + usage.outputTokens());
        }
    }

    /** After a fault that nobody can be blamed for: everybody goes, and the queues begin anew. */
    void releaseAll() {
        long now = nanoClock.getAsLong();
        List<Ticket> released = List.copyOf(entered.keySet());
        entered.forEach((ticket, claim) ->
                listener.left(ticket.request(), claim, FlowOutcome.DISPATCHED, now - ticket.receivedNanos()));
        entered.clear();
        queues = new FlowQueues<>(settings, now);
        released.forEach(this::release);
    }

    private void release(Ticket ticket) {
        try {
            ticket.answer().go(ANY);
        } catch (RuntimeException | Error e) {
            listener.fault("answer", e);
        }
    }

    /** All that wait are turned away, and so is who comes later. */
    void close() {
        long now = nanoClock.getAsLong();
        queues.close(now)
                .forEach(ticket -> turnAway(ticket, FlowOutcome.REJECTED_SHUTDOWN, now - ticket.receivedNanos()));
    }
}
