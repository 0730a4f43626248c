package dev.presage.router.envoy;

import dev.presage.router.EndpointPicker;
import dev.presage.router.Routing;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.pick.LmetricPolicy;
import dev.presage.router.pick.Policy;
import dev.presage.router.request.InferenceRequest;
import io.envoyproxy.envoy.config.core.v3.Metadata;
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
        Supplier<String> ids) {
    private static final Policy WITHOUT_MODEL = new LmetricPolicy();
    private static final Predicate<Endpoint> ALL = endpoint -> true;

    Routing route(InferenceRequest request, Metadata metadata) {
        Predicate<Endpoint> allowed = settings.subsetFilter() ? SubsetHint.of(metadata) : ALL;
        try {
            return picker.route(request, allowed);
        } catch (RuntimeException | LinkageError e) {
            listener.fault("pick", e);
            return picker.route(request.withoutContent(), allowed, WITHOUT_MODEL, "");
        }
    }
}
