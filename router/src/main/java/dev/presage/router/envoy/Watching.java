package dev.presage.router.envoy;

import com.google.protobuf.ByteString;

/**
 * A reply that Envoy forwards itself: its messages, if any, are acknowledged, and changed where the client must read another
 * model name.
 */
record Watching(Session session, ReplyWatch watch, ReplyModel model) implements Phase {
    @Override
    public Phase responseBody(Incoming in) {
        ByteString chunk = in.responseBody().getBody();
        boolean last = in.responseBody().getEndOfStream() || session.modes().buffersResponse();
        ByteString passed = model.pass(chunk, last);
        session.send(passed.equals(chunk) ? Answers.responseBodyUnchanged() : Answers.responseBodyReplaced(passed));
        watch.body(chunk, in.arrivedNanos());
        return in.responseBody().getEndOfStream() ? ended() : this;
    }

    @Override
    public Phase responseTrailers(Incoming in) {
        session.send(Answers.responseTrailers());
        return ended();
    }

    private Phase ended() {
        watch.end();
        return new Ended(session);
    }
}
