package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import dev.presage.router.Routing;
import dev.presage.router.pick.Decision;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.Reading;
import dev.presage.router.request.RequestHead;
import dev.presage.router.request.RequestReader;

/** The request body is coming in; nothing goes to a backend before it is complete, or too long to be held. */
record Collecting(Session session, Headers headers, BodyReading reading) implements Phase {
    private enum Rest {
        NONE,
        TRAILERS,
        BODY
    }

    static Phase begin(Session session, Headers headers) {
        RequestHead head = RequestHead.of(headers.path(), name -> headers.first(name));
        RequestReader reader = session.settings().formats().reader(head);
        return new Collecting(
                session, headers, new BodyReading(reader, session.routing().listener()));
    }

    @Override
    public Phase requestBody(Incoming in) {
        reading.add(in.requestBody().getBody());
        if (in.requestBody().getEndOfStream() || session.modes().buffersRequest()) {
            return complete(Rest.NONE);
        }
        return reading.held().size() > session.settings().maxHeldBytes() ? overflow() : this;
    }

    @Override
    public Phase requestTrailers(Incoming in) {
        Phase next = complete(Rest.TRAILERS);
        session.send(Answers.requestTrailers());
        return next;
    }

    private Phase overflow() {
        session.routing().listener().bodyOverLimit(reading.held().size());
        String id = session.routing().ids().get();
        return route(id, reading.soFar(id, headers.first(HeaderNames.REQUEST_ID)), Rest.BODY);
    }

    private Phase complete(Rest rest) {
        String id = session.routing().ids().get();
        return switch (reading.finish(id, headers.first(HeaderNames.REQUEST_ID))) {
            case Reading.Understood understood -> route(id, understood.request(), rest);
            case Reading.Refused refused -> session.refuse(Refusal.badRequest(refused.message()));
        };
    }

    private Phase route(String id, InferenceRequest request, Rest rest) {
        return switch (session.routing().route(request, session.metadata())) {
            case Routing.Started started -> {
                session.started(started.exchange(), rest == Rest.BODY ? RequestTail.ECHO : RequestTail.IGNORE);
                answer(started.decision(), id, rest);
                yield new Awaiting(session);
            }
            case Routing.Refused refused -> session.refuse(Refusal.of(refused.decision()));
        };
    }

    private void answer(Decision.Routed decision, String id, Rest rest) {
        ByteString body = reading.held();
        long length = rest == Rest.BODY ? -1 : body.size();
        var mutation = Mutations.withBody(decision.endpoint().address(), headers, length, id);
        boolean scores = session.settings().emitScores();
        if (session.modes().buffersRequest()) {
            session.send(Answers.bufferedRequestBody(decision, mutation, scores));
            return;
        }
        session.send(Answers.requestHeaders(decision, mutation, scores));
        if (rest == Rest.NONE || !body.isEmpty()) {
            Chunks.send(body, rest == Rest.NONE, Answers::requestBody, session);
        }
    }
}
