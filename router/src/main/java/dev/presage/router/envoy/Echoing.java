package dev.presage.router.envoy;

import com.google.protobuf.ByteString;

/** A streamed reply: each chunk goes back before it is looked at, but for the last one, with which the end is told. */
record Echoing(Session session, ReplyWatch watch, ReplyModel model) implements Phase {
    @Override
    public Phase responseBody(Incoming in) {
        ByteString chunk = in.responseBody().getBody();
        if (in.responseBody().getEndOfStream()) {
            watch.body(chunk, in.arrivedNanos());
            Chunks.sendLast(model.pass(chunk, true), watch, session);
            return ended();
        }
        ByteString passed = model.pass(chunk, false);
        if (!passed.isEmpty() || chunk.isEmpty()) {
            Chunks.send(passed, false, Answers::responseBody, session);
        }
        watch.body(chunk, in.arrivedNanos());
        return this;
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
