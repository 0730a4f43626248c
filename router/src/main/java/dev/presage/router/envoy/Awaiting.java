package dev.presage.router.envoy;

import java.util.Locale;

/** The request is on its way; the reply has not begun. */
record Awaiting(Session session) implements Phase {
    @Override
    public Phase responseHeaders(Incoming in) {
        Headers headers = new Headers(in.responseHeaders().getHeaders());
        String type = headers.first("content-type").toLowerCase(Locale.ROOT);
        boolean over = in.responseHeaders().getEndOfStream();
        boolean readable = !over && !headers.isEncoded() && !type.contains("grpc");
        ReplyModel model = readable ? session.replyModel() : ReplyModel.UNCHANGED;
        session.send(Answers.responseHeaders(Mutations.response(headers, model.changes(), session.replyHeaders())));
        ReplyWatch watch = session.watch(headers);
        if (over) {
            watch.end();
            return new Ended(session);
        }
        if (!session.modes().echoesResponse()) {
            return new Watching(session, watch, model);
        }
        return isHeld(type) ? new Holding(session, watch, model) : new Echoing(session, watch, model);
    }

    /** Whole documents are held until they end; what may be a stream is not. */
    private boolean isHeld(String type) {
        boolean document = type.isEmpty() || type.contains("json") && !type.contains("ndjson") || type.contains("grpc");
        return document && !session.mayStream(type.contains("grpc"));
    }
}
