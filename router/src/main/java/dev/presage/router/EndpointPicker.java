package dev.presage.router;

import dev.presage.router.eject.Rotation;
import dev.presage.router.fleet.Dispatch;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EndpointTwin;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.fleet.FleetSnapshot;
import dev.presage.router.observe.Exchange;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.CanaryGuard;
import dev.presage.router.pick.Cost;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Fallback;
import dev.presage.router.pick.Held;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.Moment;
import dev.presage.router.pick.Policy;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Round;
import dev.presage.router.predict.Aim;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.EndpointResiduals;
import dev.presage.router.predict.ModelHealth;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.prefix.PrefixIndex;
import dev.presage.router.request.InferenceRequest;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Picks an endpoint for each request and keeps the books: snapshot, prefix matches, policy, dispatch, listeners. Called by the
 * transport adapters on their own threads; thread-safe, never blocks.
 */
public final class EndpointPicker {
    private final Fleet fleet;
    private final PrefixIndex prefixes;
    private final Scheduler scheduler;
    private final List<RoutingListener> listeners;
    private final LongSupplier nanoClock;
    private final InstantSource wallClock;
    private final Supplier<RandomGenerator> random;
    private final long maxSignalAgeNanos;
    private final Rotation rotation;
    private final Function<InferenceRequest, Aim> aims;
    private final ModelHealth health = new ModelHealth();
    private final EndpointResiduals residuals = new EndpointResiduals();
    private final Contenders contenders = new Contenders();
    private final PickerBooks books;
    private final AtomicReference<@Nullable ServingModel> model = new AtomicReference<>();

    /** Without a rotation: requests may go to all endpoints. */
    public EndpointPicker(
            Fleet fleet,
            PrefixIndex prefixes,
            Scheduler scheduler,
            List<RoutingListener> listeners,
            LongSupplier nanoClock,
            InstantSource wallClock,
            Supplier<RandomGenerator> random,
            Duration maxSignalAge) {
        this(
                fleet,
                prefixes,
                scheduler,
                listeners,
                nanoClock,
                wallClock,
                random,
                maxSignalAge,
                Rotation.ALL,
                request -> Aim.NONE);
    }

    /**
     * With more to be kept in mind.
     *
     * @param rotation says which endpoints are fit to be sent requests
     * @param aims says what the pick of a request is to keep
     */
    public EndpointPicker(
            Fleet fleet,
            PrefixIndex prefixes,
            Scheduler scheduler,
            List<RoutingListener> listeners,
            LongSupplier nanoClock,
            InstantSource wallClock,
            Supplier<RandomGenerator> random,
            Duration maxSignalAge,
            Rotation rotation,
            Function<InferenceRequest, Aim> aims) {
        this.fleet = fleet;
        this.prefixes = prefixes;
        this.scheduler = scheduler;
        this.listeners = List.copyOf(listeners);
        this.nanoClock = nanoClock;
        this.wallClock = wallClock;
        this.books = new PickerBooks(fleet, prefixes, health, residuals, contenders, nanoClock);
        this.random = random;
        this.maxSignalAgeNanos = maxSignalAge.toNanos();
        this.rotation = rotation;
        this.aims = aims;
    }

    /** The model that decides from now on; null takes learning out of service. One volatile write. */
    public void serve(@Nullable ServingModel next) {
        residuals.serves(next);
        model.set(next);
        health.serves(next == null ? "" : next.bundleId());
    }

    /** The model that predicts each decision from now on and takes none; null for none. */
    public void challenge(@Nullable ServingModel next) {
        contenders.challenge(next);
    }

    /** The model that decides for a share of the requests from now on; null for none. A guardrail may stop it before. */
    public void trial(@Nullable ServingModel next) {
        contenders.trial(next);
    }

    /**
     * How challenger and canary are treated; before the first request.
     *
     * @param canaryShare of the requests, by their ids, 0 to 1
     * @param objective what the challenger's pick would make small
     * @param stopped told when a guardrail stops the canary; must not block
     */
    public void contenders(double canaryShare, Cost objective, BiConsumer<String, CanaryGuard.Stop> stopped) {
        contenders.configure(canaryShare, objective, stopped::accept);
    }

    /** The model in service. */
    public @Nullable ServingModel serving() {
        return model.get();
    }

    /** What is known now of the endpoints that a request could go to; empty when there is none. */
    public Round round(InferenceRequest request, Predicate<Endpoint> allowed, LatencySettings latency) {
        long now = nanoClock.getAsLong();
        FleetSnapshot candidates = rotation.of(fleet.snapshot().where(allowed), now);
        return Round.of(matrix(request, candidates, residuals, now), moment(null, now), latency);
    }

    private CandidateMatrix matrix(
            InferenceRequest request, FleetSnapshot candidates, EndpointResiduals corrections, long nowNanos) {
        return CandidateMatrix.of(request, candidates, prefixes, corrections, nowNanos, maxSignalAgeNanos)
                .aimedAt(aims.apply(request));
    }

    /** Routes as the scheduler says among the endpoints that {@code allowed} admits. */
    public Routing route(InferenceRequest request, Predicate<Endpoint> allowed) {
        return route(request, allowed, null, "");
    }

    /**
     * Routes for an experiment.
     *
     * @param forced the policy that the arm asks for, null for the scheduler's
     * @param arm its name, empty outside experiments
     */
    public Routing route(InferenceRequest request, Predicate<Endpoint> allowed, @Nullable Policy forced, String arm) {
        long start = nanoClock.getAsLong();
        FleetSnapshot candidates = rotation.of(fleet.snapshot().where(allowed), start);
        if (candidates.isEmpty()) {
            return new Routing.Refused(new Decision.Failed(
                    "failed to find endpoint candidates for serving the request", "rejected-no-endpoints"));
        }
        ServingModel canary = contenders.canaryFor(request.id());
        EndpointResiduals corrections = canary == null ? residuals : contenders.canaryResiduals();
        return route(matrix(request, candidates, corrections, start), canary, forced, arm, Held.NOT, start);
    }

    /**
     * Routes among candidates of {@link #round} that were made this moment, so that they need not be made again.
     *
     * @param seen all candidates of the request, of which at least one is {@code allowed}
     * @param held what the request was held back for
     */
    public Routing route(CandidateMatrix seen, Predicate<Endpoint> allowed, Held held) {
        long start = nanoClock.getAsLong();
        int[] places = IntStream.range(0, seen.size())
                .filter(place -> allowed.test(seen.state(place).endpoint()))
                .toArray();
        if (places.length == 0) {
            return route(seen.request(), allowed);
        }
        CandidateMatrix matrix = places.length == seen.size() ? seen : seen.only(places);
        ServingModel canary = contenders.canaryFor(seen.request().id());
        return canary == null
                ? route(matrix, null, null, "", held, start)
                : route(matrix.correctedBy(contenders.canaryResiduals(), start), canary, null, "", held, start);
    }

    private Routing route(
            CandidateMatrix matrix,
            @Nullable ServingModel canary,
            @Nullable Policy forced,
            String arm,
            Held held,
            long start) {
        Decision decision = forced == null
                ? scheduler.schedule(matrix, moment(canary, start))
                : new Decision.Routed(matrix, forced.choose(matrix, random.get()), Fallback.NONE, arm);
        return switch (decision) {
            case Decision.Routed routed when Conditional.met(routed) -> dispatch(routed.after(held), start);
            case Decision.Routed routed -> new Routing.Refused(Conditional.UNMET);
            case Decision.Shed shed -> refused(matrix.request(), shed);
            case Decision.Unmet unmet -> new Routing.Refused(unmet);
            case Decision.Failed failed -> new Routing.Refused(failed);
        };
    }

    private Routing refused(InferenceRequest request, Decision.Shed shed) {
        for (RoutingListener listener : listeners) {
            listener.shed(request);
        }
        return new Routing.Refused(shed);
    }

    /** The champion's record is not the canary's. */
    private Moment moment(@Nullable ServingModel canary, long nowNanos) {
        boolean calibrated = canary != null || health.calibrated();
        Ladder.Health known = new Ladder.Health(calibrated, health.withinBudget(nowNanos));
        return new Moment(canary == null ? model.get() : canary, wallClock.instant(), known, random.get());
    }

    private Routing dispatch(Decision.Routed routed, long start) {
        InferenceRequest request = routed.candidates().request();
        long now = nanoClock.getAsLong();
        Decision.Routed decision = contenders.shadowed(heard(routed), now);
        Dispatch dispatch = account(decision, now);
        decision.legs().forEach(leg -> prefixes.sent(leg.endpoint(), request.prefixBlocks()));
        Exchange exchange = new Exchange(decision, dispatch, nanoClock, wallClock, listeners, books);
        if (decision.choice().predictions() != null) {
            health.took(now - start, now);
        }
        for (RoutingListener listener : listeners) {
            listener.routed(decision, wallClock.millis(), now - start);
        }
        return new Routing.Started(decision, exchange);
    }

    /** A model that stands aside for its errors is heard all the same: so it comes back when they are over, and is judged meanwhile. */
    private Decision.Routed heard(Decision.Routed decision) {
        ServingModel aside = model.get();
        return aside == null || decision.fallback() != Fallback.CALIBRATION_OFF
                ? decision
                : decision.by(decision.choice().judgedBy(aside.predict(decision.candidates()), aside.bundleId()));
    }

    /** On the twins of who answers and of who computes the prompt. */
    private Dispatch account(Decision.Routed decision, long now) {
        int prompt = decision.candidates().request().promptTokens();
        double tpot = decision.candidates().aim().targets().tpotMs();
        Decision.Routed prefill = decision.itinerary().prefill();
        if (prefill == null) {
            return predicted(decision, twin(decision).dispatch(prompt, cachedTokens(decision), tpot, now));
        }
        Dispatch computed = predicted(prefill, twin(prefill).dispatch(prompt, cachedTokens(prefill), now));
        return twin(decision).dispatchAfter(computed, prompt, tpot, now);
    }

    private static Dispatch predicted(Decision.Routed decision, Dispatch dispatch) {
        Predictions predictions = decision.choice().predictions();
        if (predictions != null) {
            int chosen = decision.choice().candidate();
            dispatch.predicted(decision.candidates().ownMs(chosen, predictions.locationMs(Target.TTFT, chosen)));
        }
        return dispatch;
    }

    private EndpointTwin twin(Decision.Routed decision) {
        EndpointTwin twin = fleet.twin(decision.endpoint());
        return twin == null ? new EndpointTwin() : twin;
    }

    private static int cachedTokens(Decision.Routed decision) {
        return decision.candidates().cachedTokens(decision.choice().candidate());
    }
}
