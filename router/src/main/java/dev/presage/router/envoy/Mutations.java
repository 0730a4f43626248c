package dev.presage.router.envoy;

import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which headers change on the way to the backend and on the way back. */
final class Mutations {
    private Mutations() {}

    /** A request without a body: only the destination is set. */
    static HeaderMutation bodiless(String destination, Headers request) {
        HeaderMutation.Builder mutation = HeaderMutation.newBuilder();
        mutation.addSetHeaders(Answers.header(HeaderNames.DESTINATION, destination));
        return mutation.addAllRemoveHeaders(removed(request)).build();
    }

    /**
     * A request with a body: destination, length, id, and every other header again as it was.
     *
     * @param bodyLength -1 when it is not known, 0 sets none
     */
    static HeaderMutation withBody(String destination, Headers request, long bodyLength, String requestId) {
        HeaderMutation.Builder mutation = HeaderMutation.newBuilder();
        mutation.addSetHeaders(Answers.header(HeaderNames.DESTINATION, destination));
        if (bodyLength > 0) {
            mutation.addSetHeaders(Answers.header("Content-Length", Long.toString(bodyLength)));
        } else if (bodyLength < 0 && request.has("content-length")) {
            mutation.addSetHeaders(Answers.header("Content-Length", request.first("content-length")));
        }
        echo(request, mutation);
        if (!request.has(HeaderNames.REQUEST_ID)) {
            mutation.addSetHeaders(Answers.header(HeaderNames.REQUEST_ID, requestId));
        }
        return mutation.addAllRemoveHeaders(removed(request)).build();
    }

    static HeaderMutation response(Headers response) {
        HeaderMutation.Builder mutation = HeaderMutation.newBuilder();
        mutation.addSetHeaders(Answers.header(HeaderNames.WENT_INTO_RESPONSE, "true"));
        echo(response, mutation);
        return mutation.build();
    }

    private static void echo(Headers headers, HeaderMutation.Builder mutation) {
        for (Headers.Line line : headers.lines()) {
            if (!HeaderNames.isSystemOwned(line.name())
                    && !HeaderNames.isHopByHop(line.name())
                    && headers.isSingle(line)) {
                mutation.addSetHeaders(Answers.header(line.key(), line.value()));
            }
        }
    }

    private static Set<String> removed(Headers request) {
        Set<String> names = new LinkedHashSet<>();
        for (Headers.Line line : request.lines()) {
            if (HeaderNames.isRemoved(line.name())) {
                names.add(line.name());
            }
        }
        return names;
    }
}
