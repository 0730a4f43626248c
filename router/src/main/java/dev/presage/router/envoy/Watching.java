package dev.presage.router.envoy;

/** A reply that Envoy forwards itself: its messages, if any, are acknowledged. */
record Watching(Session session, ReplyWatch watch) implements Phase {
    @Override
    public Phase responseBody(Incoming in) {
        session.send(Answers.responseBodyUnchanged());
        watch.body(in.responseBody().getBody(), in.arrivedNanos());
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
