package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import dev.presage.router.Routing;
import dev.presage.router.pick.Decision;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.Reading;

/** The request body is coming in; nothing goes to a backend before it is complete, or too long to be held. */
record Collecting(Session session, Headers headers, BodyReading reading) implements Phase {
    /** What is still to come of the request when it is answered. */
    private enum Rest {
        NONE,
        TRAILERS,
        BODY
    }

    static Phase begin(Session session, Headers headers) {
        return new Collecting(session, headers, new BodyReading(headers, session.routing()));
    }

    @Override
    public Phase requestBody(Incoming in) {
        reading.add(in.requestBody().getBody());
        if (in.requestBody().getEndOfStream() || session.modes().buffersWholeRequest()) {
            return complete(Rest.NONE);
        }
        boolean full = reading.size() > session.settings().maxHeldBytes();
        return full || session.modes().buffersRequest() ? overflow() : this;
    }

    @Override
    public Phase requestTrailers(Incoming in) {
        return complete(Rest.TRAILERS);
    }

    private Phase overflow() {
        session.routing().listener().bodyOverLimit(reading.size());
        String id = session.routing().ids().get();
        return route(reading.soFar(id), Rest.BODY);
    }

    private Phase complete(Rest rest) {
        String id = session.routing().ids().get();
        return switch (reading.finish(id)) {
            case Reading.Understood(InferenceRequest request) -> route(request, rest);
            case Reading.Unnamed unnamed -> session.refuse(Refusal.badRequest("model not found in request body"));
            case Reading.Refused refused -> session.refuse(Refusal.badRequest(refused.message()));
        };
    }

    private Phase route(InferenceRequest request, Rest rest) {
        return session.routing().route(request, reading.size(), session, routing -> routed(routing, request, rest));
    }

    private Phase routed(Routing routing, InferenceRequest request, Rest rest) {
        return switch (routing) {
            case Routing.Started started -> {
                session.started(started.exchange(), tail(rest));
                answer(started.decision(), request, rest);
                if (rest == Rest.TRAILERS) {
                    session.send(Answers.requestTrailers());
                }
                yield new Awaiting(session);
            }
            case Routing.Refused refused -> session.refuse(Refusal.of(refused.decision()));
        };
    }

    private RequestTail tail(Rest rest) {
        return rest != Rest.BODY
                ? RequestTail.IGNORE
                : session.modes().buffersRequest() ? RequestTail.ACKNOWLEDGE : RequestTail.ECHO;
    }

    private void answer(Decision.Routed decision, InferenceRequest request, Rest rest) {
        ByteString body = reading.outgoing(request);
        long length = rest == Rest.BODY ? announced(body) : body.size();
        boolean rewritten = !request.model().equals(request.requestedModel());
        var mutation = Mutations.withBody(Route.of(decision), headers, length, rewritten, request.id());
        boolean scores = session.settings().emitScores();
        if (session.modes().buffersRequest()) {
            var answer = Answers.bufferedRequestBody(decision, mutation, scores);
            session.send(rewritten ? Answers.withBody(answer, body) : answer);
            return;
        }
        session.send(Answers.requestHeaders(decision, mutation, scores));
        if (rest == Rest.NONE || !body.isEmpty()) {
            Chunks.send(body, rest == Rest.NONE, Answers::requestBody, session);
        }
    }

    /** The client's length and what its beginning grew by. */
    private long announced(ByteString beginning) {
        long length = headers.contentLength();
        return length < 0 ? Mutations.UNKNOWN : length + beginning.size() - reading.size();
    }
}
