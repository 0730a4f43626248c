package dev.presage.router.envoy;

import java.util.Locale;

/** The request is on its way; the reply has not begun. */
record Awaiting(Session session) implements Phase {
    @Override
    public Phase responseHeaders(Incoming in) {
        Headers headers = new Headers(in.responseHeaders().getHeaders());
        session.send(Answers.responseHeaders(Mutations.response(headers)));
        ReplyWatch watch = session.watch(headers);
        if (in.responseHeaders().getEndOfStream()) {
            watch.end();
            return new Ended(session);
        }
        if (!session.modes().echoesResponse()) {
            return new Watching(session, watch);
        }
        return held(headers) ? new Holding(session, watch) : new Echoing(session, watch);
    }

    /** Whole documents are held until they end; what may be a stream is not. */
    private boolean held(Headers headers) {
        String type = headers.first("content-type").toLowerCase(Locale.ROOT);
        boolean document = type.isEmpty() || type.contains("json") && !type.contains("ndjson") || type.contains("grpc");
        return document && !session.streamRequested();
    }
}
