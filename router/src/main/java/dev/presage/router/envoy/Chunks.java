package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;

/** Cuts a body into messages that Envoy takes. */
final class Chunks {
    /** The contract's bound on the body of one message. */
    static final int MAX_BYTES = 62_000;

    /** Makes the message of one chunk. */
    @FunctionalInterface
    interface Framing {
        ProcessingResponse frame(ByteString chunk, boolean end);
    }

    private Chunks() {}

    /** Sends the end of a reply that {@code watch} has seen. */
    static void sendLast(ByteString body, ReplyWatch watch, Session session) {
        send(body, true, (chunk, end) -> last(chunk, end, watch, session), session);
    }

    private static ProcessingResponse last(ByteString chunk, boolean end, ReplyWatch watch, Session session) {
        ProcessingResponse answer = Answers.responseBody(chunk, end);
        return end ? session.last(answer, watch) : answer;
    }

    /** Sends the body byte for byte; an empty one is one empty chunk. {@code end} marks the last chunk. */
    static void send(ByteString body, boolean end, Framing framing, Session session) {
        int from = 0;
        while (body.size() - from > MAX_BYTES) {
            session.send(framing.frame(body.substring(from, from + MAX_BYTES), false));
            from += MAX_BYTES;
        }
        session.send(framing.frame(body.substring(from), end));
    }
}
