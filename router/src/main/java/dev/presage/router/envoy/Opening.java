package dev.presage.router.envoy;

import dev.presage.router.Routing;
import dev.presage.router.observe.Exchange;
import dev.presage.router.pick.Decision;
import dev.presage.router.request.InferenceRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;

/** Nothing has come yet. */
record Opening(Session session) implements Phase {
    @Override
    public Phase requestHeaders(Incoming in) {
        Headers headers = new Headers(in.requestHeaders().getHeaders());
        if (in.requestHeaders().getEndOfStream()) {
            return routeNow(headers, true);
        }
        if (session.modes().defersRequestHeaders()) {
            return Collecting.begin(session, headers);
        }
        if (session.modes().buffersRequest()) {
            session.send(Answers.requestHeadersUnchanged());
            return Collecting.begin(session, headers);
        }
        return routeNow(headers, false);
    }

    /** Without its body, because there is none or because Envoy does not wait for it. */
    private Phase routeNow(Headers headers, boolean bodiless) {
        String id = session.routing().ids().get();
        InferenceRequest request = session.routing()
                .addressing()
                .addressed(InferenceRequest.opaque(id, headers.first(HeaderNames.REQUEST_ID)), headers);
        return bodiless
                ? routed(session.routing().route(request, session.metadata()), headers, id, true)
                : session.routing().route(request, 0, session, routing -> routed(routing, headers, id, false));
    }

    private Phase routed(Routing routing, Headers headers, String id, boolean bodiless) {
        return switch (routing) {
            case Routing.Started(Decision.Routed decision, Exchange exchange) -> {
                RequestTail tail = bodiless ? RequestTail.IGNORE : PassingBody.of(id, headers, session);
                session.started(exchange, tail);
                session.send(Answers.requestHeaders(
                        decision,
                        mutation(Route.of(decision), headers, id, tail),
                        session.settings().emitScores()));
                yield new Awaiting(session);
            }
            case Routing.Refused refused -> session.refuse(Refusal.of(refused.decision()));
        };
    }

    private static HeaderMutation mutation(Route route, Headers headers, String id, RequestTail tail) {
        if (tail == RequestTail.IGNORE) {
            return Mutations.bodiless(route, headers);
        }
        boolean mayChange = tail != RequestTail.ACKNOWLEDGE;
        long length = mayChange ? Mutations.UNKNOWN : headers.contentLength();
        return Mutations.withBody(route, headers, length, mayChange, id);
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
