package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Exchange;
import dev.presage.router.observe.ReplyHead;
import dev.presage.router.observe.ReplyReader;
import dev.presage.router.observe.Usage;
import dev.presage.router.request.InferenceRequest;
import org.jspecify.annotations.Nullable;

/** Tells the exchange of the reply. A failure here is counted and ends the watching, never the reply. */
final class ReplyWatch {
    private static final int UNAVAILABLE = 503;

    private final @Nullable Exchange exchange;
    private final ReplyReader reader;
    private final int status;
    private final ExtProcListener listener;
    private boolean broken;

    private ReplyWatch(@Nullable Exchange exchange, ReplyReader reader, int status, ExtProcListener listener) {
        this.exchange = exchange;
        this.reader = reader;
        this.status = status;
        this.listener = listener;
    }

    static ReplyWatch begin(@Nullable Exchange exchange, Headers headers, Session session) {
        int status = status(headers.first(":status", "status"));
        ReplyReader reader = ReplyReader.streamed();
        if (exchange != null) {
            InferenceRequest request = exchange.decision().candidates().request();
            ReplyHead head = ReplyHead.of(request, name -> headers.first(name));
            reader = head.reader();
            attribute(exchange, session);
            if (status == UNAVAILABLE && headers.has(HeaderNames.ENVOY_OVERLOADED)) {
                exchange.answeredByGateway(status);
            } else {
                exchange.responseStarted(status, head.streams());
            }
        }
        return new ReplyWatch(exchange, reader, status, session.routing().listener());
    }

    private static int status(String text) {
        try {
            return text.isEmpty() ? 200 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static void attribute(Exchange exchange, Session session) {
        try {
            String served = Served.in(session.metadata()).address();
            if (!served.isEmpty()) {
                exchange.servedBy(served);
            }
        } catch (RuntimeException e) {
            session.routing().listener().fault("observe", e);
        }
    }

    void body(ByteString chunk, long arrivedNanos) {
        if (exchange == null || broken) {
            return;
        }
        try {
            int tokens = 0;
            for (var bytes : chunk.asReadOnlyByteBufferList()) {
                tokens += reader.read(bytes);
            }
            exchange.streamedTokens(tokens, arrivedNanos);
        } catch (RuntimeException e) {
            broken = true;
            listener.fault("observe", e);
        }
    }

    /** What the engine counted, as far as it was read. */
    Usage usage() {
        return reader.usage();
    }

    /** Whether the reply said that it was over, though its end was not seen. */
    boolean finished() {
        return reader.finished();
    }

    void end() {
        if (exchange != null) {
            exchange.usage(reader.usage());
            if (reader.skipped() > 0) {
                listener.replyUnread(reader.skipped());
            }
            exchange.end(status >= 500 ? EndCause.UPSTREAM_ERROR : EndCause.COMPLETED);
        }
    }
}
