package dev.presage.router.envoy;

import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which headers change on the way to the backend and on the way back. */
final class Mutations {
    /** A length that is not known. */
    static final long UNKNOWN = -1;

    private Mutations() {}

    /** A request without a body: only what the route says is set. */
    static HeaderMutation bodiless(Route route, Headers request) {
        HeaderMutation.Builder mutation = routed(route);
        return mutation.addAllRemoveHeaders(removed(request, route)).build();
    }

    /**
     * A request with a body: what the route says, length, id, and every other header again as it was.
     *
     * @param bodyLength 0 sets none, {@link #UNKNOWN} takes the client's off
     * @param plainReply whether the backend must not compress its reply
     */
    static HeaderMutation withBody(
            Route route, Headers request, long bodyLength, boolean plainReply, String requestId) {
        HeaderMutation.Builder mutation = routed(route);
        Set<String> removed = removed(request, route);
        if (bodyLength > 0) {
            mutation.addSetHeaders(Answers.header("Content-Length", Long.toString(bodyLength)));
        } else if (bodyLength == UNKNOWN && request.has(HeaderNames.CONTENT_LENGTH)) {
            removed.add(HeaderNames.CONTENT_LENGTH);
        }
        if (plainReply && request.has(HeaderNames.ACCEPT_ENCODING)) {
            removed.add(HeaderNames.ACCEPT_ENCODING);
        }
        for (Headers.Line line : request.lines()) {
            if (isEchoed(line, request)
                    && !removed.contains(line.name())
                    && !route.extraHeaders().containsKey(line.name())) {
                mutation.addSetHeaders(Answers.header(line.key(), line.value()));
            }
        }
        if (!request.has(HeaderNames.REQUEST_ID)) {
            mutation.addSetHeaders(Answers.header(HeaderNames.REQUEST_ID, requestId));
        }
        return mutation.addAllRemoveHeaders(removed).build();
    }

    /**
     * A reply: every header again as it was.
     *
     * @param bodyChanges whether the announced length may become wrong
     * @param added set in place of the backend's, by lower-case name
     */
    static HeaderMutation response(Headers response, boolean bodyChanges, Map<String, String> added) {
        HeaderMutation.Builder mutation = HeaderMutation.newBuilder();
        mutation.addSetHeaders(Answers.header(HeaderNames.WENT_INTO_RESPONSE, "true"));
        for (Headers.Line line : response.lines()) {
            if (isEchoed(line, response) && !added.containsKey(line.name())) {
                mutation.addSetHeaders(Answers.header(line.key(), line.value()));
            }
        }
        added.forEach((name, value) -> mutation.addSetHeaders(Answers.header(name, value)));
        if (bodyChanges && response.has(HeaderNames.CONTENT_LENGTH)) {
            mutation.addRemoveHeaders(HeaderNames.CONTENT_LENGTH);
        }
        return mutation.build();
    }

    private static HeaderMutation.Builder routed(Route route) {
        HeaderMutation.Builder mutation = HeaderMutation.newBuilder();
        mutation.addSetHeaders(Answers.header(HeaderNames.DESTINATION, route.destination()));
        for (Map.Entry<String, String> extra : route.extraHeaders().entrySet()) {
            mutation.addSetHeaders(Answers.header(extra.getKey(), extra.getValue()));
        }
        return mutation;
    }

    private static boolean isEchoed(Headers.Line line, Headers headers) {
        return !HeaderNames.isSystemOwned(line.name())
                && !HeaderNames.isHopByHop(line.name())
                && headers.isSingle(line);
    }

    private static Set<String> removed(Headers request, Route route) {
        Set<String> names = new LinkedHashSet<>();
        for (Headers.Line line : request.lines()) {
            if (HeaderNames.isRemoved(line.name()) && !route.extraHeaders().containsKey(line.name())) {
                names.add(line.name());
            }
        }
        return names;
    }
}
