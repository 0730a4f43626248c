package dev.presage.router.envoy;

/**
 * Where one stream is in the life of its HTTP request. A phase takes a message and gives the phase after it:
 *
 * <pre>
 * Opening    - headers, no body -----------------> Awaiting | Ended (refused)
 *            - headers, body held back ----------> Collecting
 *            - headers, body passing by ---------> Awaiting | Ended | Queued
 * Collecting - end of body, trailers, too long --> Awaiting | Ended | Queued
 * Queued     - let in or turned away, no message -> Awaiting | Ended
 * Awaiting   - response headers -----------------> Echoing | Holding | Watching | Ended
 * Holding    - too long -------------------------> Echoing
 * Holding, Echoing, Watching - end of reply -----> Ended
 * </pre>
 *
 * A request body or trailer that comes after the request was answered is settled as {@link RequestTail} says and changes no
 * phase; any other message out of order is ignored.
 */
sealed interface Phase permits Opening, Collecting, Queued, Awaiting, Echoing, Holding, Watching, Ended {
    Session session();

    default Phase requestHeaders(Incoming in) {
        return this;
    }

    default Phase requestBody(Incoming in) {
        session().tail().body(in.requestBody(), session());
        return this;
    }

    default Phase requestTrailers(Incoming in) {
        session().send(Answers.requestTrailers());
        return this;
    }

    default Phase responseHeaders(Incoming in) {
        return this;
    }

    default Phase responseBody(Incoming in) {
        return this;
    }

    default Phase responseTrailers(Incoming in) {
        session().send(Answers.responseTrailers());
        return this;
    }

    /** Takes the next message of the stream. */
    default Phase next(Incoming in) {
        return switch (in.message().getRequestCase()) {
            case REQUEST_HEADERS -> requestHeaders(in);
            case REQUEST_BODY -> requestBody(in);
            case REQUEST_TRAILERS -> requestTrailers(in);
            case RESPONSE_HEADERS -> responseHeaders(in);
            case RESPONSE_BODY -> responseBody(in);
            case RESPONSE_TRAILERS -> responseTrailers(in);
            case REQUEST_NOT_SET -> this;
        };
    }
}
