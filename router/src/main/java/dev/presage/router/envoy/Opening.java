package dev.presage.router.envoy;

import dev.presage.router.Routing;
import dev.presage.router.pick.Decision;
import dev.presage.router.request.InferenceRequest;

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
        InferenceRequest request = InferenceRequest.opaque(id, headers.first(HeaderNames.REQUEST_ID));
        return switch (session.routing().route(request, session.metadata())) {
            case Routing.Started started -> {
                session.started(started.exchange(), tail);
                Decision.Routed decision = started.decision();
                String to = decision.endpoint().address();
                session.send(Answers.requestHeaders(
                        decision,
                        tail == RequestTail.IGNORE
                                ? Mutations.bodiless(to, headers)
                                : Mutations.withBody(to, headers, -1, id),
                        session.settings().emitScores()));
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
