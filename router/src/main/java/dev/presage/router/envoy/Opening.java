package dev.presage.router.envoy;

import dev.presage.router.Routing;
import dev.presage.router.request.InferenceRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;

/** Nothing has come yet. */
record Opening(Session session) implements Phase {
    @Override
    public Phase requestHeaders(Incoming in) {
        Headers headers = new Headers(in.requestHeaders().getHeaders());
        if (in.requestHeaders().getEndOfStream()) {
            return routeNow(headers, RequestTail.IGNORE);
        }
        if (session.modes().defersRequestHeaders()) {
            return Collecting.begin(session, headers);
        }
        if (session.modes().buffersRequest()) {
            session.send(Answers.requestHeadersUnchanged());
            return Collecting.begin(session, headers);
        }
        return routeNow(headers, RequestTail.ACKNOWLEDGE);
    }

    /** Without its body, because there is none or because Envoy does not wait for it. */
    private Phase routeNow(Headers headers, RequestTail tail) {
        String id = session.routing().ids().get();
        InferenceRequest request = session.routing()
                .addressing()
                .addressed(InferenceRequest.opaque(id, headers.first(HeaderNames.REQUEST_ID)), headers);
        return switch (session.routing().route(request, session.metadata())) {
            case Routing.Started started -> {
                session.started(started.exchange(), tail);
                Route route = Route.of(started.decision());
                HeaderMutation mutation = tail == RequestTail.IGNORE
                        ? Mutations.bodiless(route, headers)
                        : Mutations.withBody(route, headers, headers.contentLength(), false, id);
                session.send(Answers.requestHeaders(
                        started.decision(), mutation, session.settings().emitScores()));
                yield new Awaiting(session);
            }
            case Routing.Refused refused -> session.refuse(Refusal.of(refused.decision()));
        };
    }

    /** A client that only has a reply to be processed. */
    @Override
    public Phase responseHeaders(Incoming in) {
        return new Awaiting(session).responseHeaders(in);
    }

    @Override
    public Phase requestBody(Incoming in) {
        return this;
    }
}
