package dev.presage.router.envoy;

import com.google.protobuf.ByteString;

/** A reply that is one document: held until it ends, unless it grows too long. */
final class Holding implements Phase {
    private final Session session;
    private final ReplyWatch watch;
    private final ReplyModel model;
    private ByteString held = ByteString.EMPTY;

    Holding(Session session, ReplyWatch watch, ReplyModel model) {
        this.session = session;
        this.watch = watch;
        this.model = model;
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public Phase responseBody(Incoming in) {
        ByteString chunk = in.responseBody().getBody();
        held = held.concat(chunk);
        boolean end = in.responseBody().getEndOfStream();
        watch.body(chunk, in.arrivedNanos());
        if (end) {
            Chunks.sendLast(model.pass(held, true), watch, session);
            watch.end();
            return new Ended(session);
        }
        boolean tooLong = held.size() > session.settings().maxHeldBytes();
        if (tooLong) {
            Chunks.send(model.pass(held, false), false, Answers::responseBody, session);
        }
        return tooLong ? new Echoing(session, watch, model) : this;
    }

    @Override
    public Phase responseTrailers(Incoming in) {
        if (!held.isEmpty()) {
            Chunks.send(model.pass(held, true), false, Answers::responseBody, session);
        }
        session.send(session.last(Answers.responseTrailers(), watch));
        watch.end();
        return new Ended(session);
    }
}
