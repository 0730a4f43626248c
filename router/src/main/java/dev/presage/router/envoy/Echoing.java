package dev.presage.router.envoy;

/** A streamed reply: each chunk goes back before it is looked at. */
record Echoing(Session session, ReplyWatch watch) implements Phase {
    @Override
    public Phase responseBody(Incoming in) {
        boolean end = in.responseBody().getEndOfStream();
        Chunks.send(in.responseBody().getBody(), end, Answers::responseBody, session);
        watch.body(in.responseBody().getBody(), in.arrivedNanos());
        return end ? ended() : this;
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
