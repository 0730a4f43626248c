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
        boolean end = in.responseBody().getEndOfStream();
        watch.body(chunk, in.arrivedNanos());
        ByteString passed = model.pass(chunk, end || session.modes().buffersResponse());
        var answer = passed.equals(chunk) ? Answers.responseBodyUnchanged() : Answers.responseBodyReplaced(passed);
        session.send(end ? session.last(answer, watch) : answer);
        return end ? ended() : this;
    }

    @Override
    public Phase responseTrailers(Incoming in) {
        session.send(session.last(Answers.responseTrailers(), watch));
        return ended();
    }

    private Phase ended() {
        watch.end();
        return new Ended(session);
    }
}
