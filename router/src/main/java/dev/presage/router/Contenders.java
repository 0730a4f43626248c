package dev.presage.router;

import dev.presage.router.observe.Outcome;
import dev.presage.router.pick.CanaryGuard;
import dev.presage.router.pick.Cost;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Objective;
import dev.presage.router.pick.Shadow;
import dev.presage.router.predict.EndpointResiduals;
import dev.presage.router.predict.ServingModel;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The models beside the one in service: a challenger, which predicts every decision and takes none, and a canary, which decides for a share of the
 * requests until it is withdrawn or a guardrail stops it. Each is corrected by its own latest errors. Thread-safe.
 */
final class Contenders {
    private record Trial(ServingModel model, CanaryGuard guard) {}

    /** Hears that a guardrail stopped the canary, once per canary, on the thread of the outcome: must not block. */
    interface StopListener {
        void stopped(String bundleId, CanaryGuard.Stop stop);
    }

    private final EndpointResiduals ofChallenger = new EndpointResiduals();
    private final EndpointResiduals ofCanary = new EndpointResiduals();
    private final AtomicReference<@Nullable ServingModel> challenger = new AtomicReference<>();
    private final AtomicReference<@Nullable Trial> trial = new AtomicReference<>();
    private volatile double share;
    private volatile Cost objective = Objective.OWN_LATENCY;
    private volatile StopListener listener = (bundleId, stop) -> {};

    /**
     * How the contenders are to be treated.
     *
     * @param canaryShare of the requests, 0 to 1
     * @param cost what the challenger's pick would make small
     */
    void configure(double canaryShare, Cost cost, StopListener told) {
        if (!(canaryShare >= 0 && canaryShare <= 1)) {
            throw new IllegalArgumentException("canary share " + canaryShare + " outside 0..1");
        }
        share = canaryShare;
        objective = cost;
        listener = told;
    }

    void challenge(@Nullable ServingModel next) {
        ofChallenger.serves(next);
        challenger.set(next);
    }

    void trial(@Nullable ServingModel next) {
        ofCanary.serves(next);
        trial.set(next == null ? null : new Trial(next, new CanaryGuard()));
    }

    /** The canary, if this request is one of its share. The same id always falls on the same side. */
    @Nullable
    ServingModel canaryFor(String requestId) {
        Trial running = trial.get();
        return running != null && bucket(requestId) < share ? running.model() : null;
    }

    EndpointResiduals canaryResiduals() {
        return ofCanary;
    }

    /** Of a split request also the pick of who computes the prompt: it is learned from, and judged, as a decision of its own. */
    Decision.Routed shadowed(Decision.Routed decision, long nowNanos) {
        ServingModel model = challenger.get();
        if (model == null) {
            return decision;
        }
        Decision.Routed answers = shadowed(decision, model, nowNanos);
        Decision.Routed prefill = decision.itinerary().prefill();
        return prefill == null
                ? answers
                : answers.by(decision.itinerary()
                        .split(
                                shadowed(prefill, model, nowNanos),
                                decision.itinerary().encoders()));
    }

    private Decision.Routed shadowed(Decision.Routed decision, ServingModel model, long nowNanos) {
        return decision.shadowedBy(
                new Shadow(model, decision.candidates().correctedBy(ofChallenger, nowNanos), objective));
    }

    void firstToken(Decision.Routed decision, String servedBy, double ttftMs, long nowNanos) {
        if (challenger.get() != null) {
            ofChallenger.firstToken(decision, servedBy, ttftMs, nowNanos);
        }
        if (trial.get() != null) {
            ofCanary.firstToken(decision, servedBy, ttftMs, nowNanos);
        }
    }

    void settled(Outcome outcome) {
        Trial running = trial.get();
        if (running == null) {
            return;
        }
        outcome.legs().forEach(ofCanary::ended);
        String id = outcome.decision().candidates().request().id();
        running.guard().ended(outcome, bucket(id) < share).ifPresent(stop -> {
            if (trial.compareAndSet(running, null)) {
                listener.stopped(running.model().bundleId(), stop);
            }
        });
    }

    /** Uniform in 0..1; the id's own hash is mixed, because ids may be counted up (the finaliser of splitmix64). */
    private static double bucket(String requestId) {
        long mixed = requestId.hashCode() * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return ((mixed ^ (mixed >>> 31)) >>> 11) * 0x1p-53;
    }
}
