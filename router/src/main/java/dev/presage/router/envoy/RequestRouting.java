package dev.presage.router.envoy;

import dev.presage.router.EndpointPicker;
import dev.presage.router.Routing;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.pick.FleetLmetricPolicy;
import dev.presage.router.pick.Held;
import dev.presage.router.pick.Policy;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.request.InferenceRequest;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The way from a request to the picker, shared by all streams. A failure of the model, or of anything else that a pick needs,
 * does not fail the request: it is routed again without looking inside it and without a model.
 */
record RequestRouting(
        EndpointPicker picker,
        Addressing addressing,
        ExtProcSettings settings,
        ExtProcListener listener,
        Supplier<String> ids,
        Optional<Queueing> queueing) {
    private static final Policy WITHOUT_MODEL = new FleetLmetricPolicy();
    private static final Predicate<Endpoint> ALL = endpoint -> true;

    /** Routes now, past any queue. */
    Routing route(InferenceRequest request, Metadata metadata) {
        return pick(request, allowed(metadata));
    }

    /** Routes when flow control lets the request in, at once without it; {@code then} goes on from there. */
    Phase route(InferenceRequest request, long bytes, Session session, Function<Routing, Phase> then) {
        return queueing.isEmpty()
                ? then.apply(route(request, session.metadata()))
                : Parked.park(this, queueing.get(), session, request, bytes, then);
    }

    Predicate<Endpoint> allowed(Metadata metadata) {
        return settings.subsetFilter() ? SubsetHint.of(metadata) : ALL;
    }

    Routing pick(InferenceRequest request, Predicate<Endpoint> allowed) {
        return pick(request, allowed, () -> picker.route(request, allowed));
    }

    /** Among candidates that were looked at this moment, after a hold. */
    Routing pick(InferenceRequest request, Predicate<Endpoint> allowed, CandidateMatrix seen, Held held) {
        return pick(request, allowed, () -> picker.route(seen, allowed, held));
    }

    private Routing pick(InferenceRequest request, Predicate<Endpoint> allowed, Supplier<Routing> route) {
        try {
            return route.get();
        } catch (RuntimeException | LinkageError e) {
            listener.fault("pick", e);
            return picker.route(request.withoutContent(), allowed, WITHOUT_MODEL, "");
        }
    }
}
