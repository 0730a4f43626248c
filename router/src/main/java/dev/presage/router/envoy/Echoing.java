package dev.presage.router.envoy;

import com.google.protobuf.ByteString;

/** A streamed reply: each chunk goes back before it is looked at, but for the last one where the gateway is told of the whole with it. */
record Echoing(Session session, ReplyWatch watch, ReplyModel model) implements Phase {
    @Override
    public Phase responseBody(Incoming in) {
        ByteString chunk = in.responseBody().getBody();
        if (in.responseBody().getEndOfStream()) {
            return last(chunk, in.arrivedNanos());
        }
        ByteString passed = model.pass(chunk, false);
        if (!passed.isEmpty() || chunk.isEmpty()) {
            Chunks.send(passed, false, Answers::responseBody, session);
        }
        session.later(() -> watch.body(chunk, in.arrivedNanos()));
        return this;
    }

    private Phase last(ByteString chunk, long arrivedNanos) {
        ByteString passed = model.pass(chunk, true);
        if (session.settings().replies().plugins().isEmpty()) {
            Chunks.send(passed, true, Answers::responseBody, session);
            session.later(() -> {
                watch.body(chunk, arrivedNanos);
                watch.end();
            });
            return new Ended(session);
        }
        watch.body(chunk, arrivedNanos);
        Chunks.sendLast(passed, watch, session);
        return ended();
    }

    @Override
    public Phase responseTrailers(Incoming in) {
        ByteString rest = model.pass(ByteString.EMPTY, true);
        if (!rest.isEmpty()) {
            Chunks.send(rest, false, Answers::responseBody, session);
        }
        session.send(session.last(Answers.responseTrailers(), watch));
        return ended();
    }

    private Phase ended() {
        watch.end();
        return new Ended(session);
    }
}
