package dev.presage.router.envoy;

import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;

/** What becomes of request body messages that come after the request was answered. */
@FunctionalInterface
interface RequestTail {
    /** The body was answered whole; Envoy repeats the end of bodies above a megabyte. */
    RequestTail IGNORE = (body, session) -> {};

    /** The rest of a body that was too long to hold goes through. */
    RequestTail ECHO =
            (body, session) -> Chunks.send(body.getBody(), body.getEndOfStream(), Answers::requestBody, session);

    /** The body passes by outside of this stream; Envoy waits for a nod. */
    RequestTail ACKNOWLEDGE = (body, session) -> session.send(Answers.requestBodyUnchanged());

    void body(HttpBody body, Session session);
}
