package dev.presage.router.envoy;

import com.google.protobuf.ByteString;

/** A streamed reply: each chunk goes back before it is looked at. */
record Echoing(Session session, ReplyWatch watch, ReplyModel model) implements Phase {
    @Override
    public Phase responseBody(Incoming in) {
        boolean end = in.responseBody().getEndOfStream();
        ByteString chunk = in.responseBody().getBody();
        ByteString passed = model.pass(chunk, end);
        if (end || !passed.isEmpty() || chunk.isEmpty()) {
            Chunks.send(passed, end, Answers::responseBody, session);
        }
        watch.body(chunk, in.arrivedNanos());
        return end ? ended() : this;
    }

    @Override
    public Phase responseTrailers(Incoming in) {
        ByteString rest = model.pass(ByteString.EMPTY, true);
        if (!rest.isEmpty()) {
            Chunks.send(rest, false, Answers::responseBody, session);
        }
        session.send(Answers.responseTrailers());
        return ended();
    }

    private Phase ended() {
        watch.end();
        return new Ended(session);
    }
}
