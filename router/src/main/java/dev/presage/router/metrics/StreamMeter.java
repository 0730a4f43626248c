package dev.presage.router.metrics;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.grpc.Context;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of one ext_proc stream beside its routing. Travels in gRPC's context, so that the routing listener, which
 * knows the labels, meets it on the way. Used by the stream's event loop.
 */
final class StreamMeter {
    private static final Context.Key<StreamMeter> KEY = Context.key("presage-stream-meter");

    private final LongSupplier nanoClock;
    private final long openedNanos;
    private long requestBytes;
    private long responseBytes;
    private long requestWorkNanos;
    private long responseWorkNanos;
    private boolean sawResponse;
    private long waitedNanos;
    private @Nullable RequestMeters meters;

    StreamMeter(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.openedNanos = nanoClock.getAsLong();
    }

    /** The meter of the stream that this thread works for, null outside of one. */
    static @Nullable StreamMeter current() {
        return KEY.get();
    }

    Context within(Context context) {
        return context.withValue(KEY, this);
    }

    /** Handling the message took from {@code startNanos} until now. */
    void handled(ProcessingRequest message, long startNanos) {
        long took = nanoClock.getAsLong() - startNanos;
        requestBytes += message.getRequestBody().getBody().size();
        responseBytes += message.getResponseBody().getBody().size();
        switch (message.getRequestCase()) {
            case RESPONSE_HEADERS, RESPONSE_BODY, RESPONSE_TRAILERS -> {
                sawResponse = true;
                responseWorkNanos += took;
            }
            default -> requestWorkNanos += took;
        }
    }

    /** The request was sent on. */
    void routed(RequestMeters labelled) {
        meters = labelled;
        waitedNanos = nanoClock.getAsLong() - openedNanos;
    }

    /** From the opening of the stream to the dispatch. */
    double waitedMs() {
        return waitedNanos / 1e6;
    }

    long openNanos() {
        return nanoClock.getAsLong() - openedNanos;
    }

    long requestWorkNanos() {
        return requestWorkNanos;
    }

    /** Negative when there was no reply. */
    long responseWorkNanos() {
        return sawResponse ? responseWorkNanos : -1;
    }

    /** The stream is over. */
    void closed() {
        RequestMeters labelled = meters;
        if (labelled != null) {
            labelled.replies().sizes(requestBytes, responseBytes);
        }
    }
}
