package dev.presage.router.envoy;

import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Exchange;
import dev.presage.router.pick.Decision;
import dev.presage.router.plugin.Reply;
import dev.presage.router.plugin.ReplyPlugin;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What outlives the phases of one stream: the way back to Envoy, what Envoy said of the stream, and the exchange, which ends
 * exactly once whatever happens. Used under the stream's lock.
 */
final class Session {
    private final StreamObserver<ProcessingResponse> envoy;
    private final RequestRouting routing;
    private BodyModes modes = BodyModes.FULL_DUPLEX;
    private boolean opened;
    private boolean answered;
    private boolean closed;
    private Metadata metadata = Metadata.getDefaultInstance();
    private RequestTail tail = RequestTail.IGNORE;
    private ReplyModel replyModel = ReplyModel.UNCHANGED;
    private ProcessStream.@Nullable Resuming stream;
    private Runnable leave = () -> {};
    private @Nullable Runnable later;
    private @Nullable EndCause lost;
    private long receivedNanos;
    private @Nullable Exchange exchange;
    private @Nullable ReplyWatch watch;

    Session(StreamObserver<ProcessingResponse> envoy, RequestRouting routing) {
        this.envoy = envoy;
        this.routing = routing;
    }

    /** Every message may tell more about the request than the one before. */
    void heard(ProcessingRequest message, long arrivedNanos) {
        if (!opened) {
            opened = true;
            receivedNanos = arrivedNanos;
            modes = BodyModes.of(message);
        }
        if (message.hasMetadataContext()) {
            metadata = message.getMetadataContext();
        }
    }

    /** Who carries it on after it has waited. */
    void carriedOnBy(ProcessStream.Resuming carrier) {
        stream = carrier;
    }

    /** The request waits; {@code whenLost} is run if its client goes away. */
    void parked(Runnable whenLost) {
        leave = whenLost;
    }

    /** What was parked goes on, on any thread. */
    void resume(ProcessStream.Resumption next) {
        ProcessStream.Resuming carrier = stream;
        if (carrier != null) {
            carrier.resume(next);
        }
    }

    /** The nano clock at the first message. */
    long receivedNanos() {
        return receivedNanos;
    }

    RequestRouting routing() {
        return routing;
    }

    ExtProcSettings settings() {
        return routing.settings();
    }

    BodyModes modes() {
        return modes;
    }

    Metadata metadata() {
        return metadata;
    }

    RequestTail tail() {
        return tail;
    }

    /** Puts the client's model name back into the reply, where the reply can be changed. */
    ReplyModel replyModel() {
        return modes.seesResponseBody() ? replyModel : ReplyModel.UNCHANGED;
    }

    /** Whether the reply, though it looks like one document, may be a stream: by what was asked, where that could be read. */
    boolean mayStream(boolean framed) {
        if (exchange == null) {
            return false;
        }
        InferenceRequest request = exchange.decision().candidates().request();
        return request.stream() || framed && request.api() == Api.OPAQUE;
    }

    /** A request was routed: from here on its exchange is this session's to end. */
    void started(Exchange routed, RequestTail rest) {
        exchange = routed;
        if (lost != null) {
            routed.end(lost);
        }
        tail = rest;
        rewritten(routed.decision().candidates().request());
        settings().replies().routed(routed.decision());
    }

    /** The backend gets the request under this model's name, and the client its reply under the name that it asked for. */
    void rewritten(InferenceRequest request) {
        replyModel = ReplyModel.restoring(request.model(), request.requestedModel());
    }

    /** The reply began. */
    ReplyWatch watch(Headers headers) {
        ReplyWatch begun = ReplyWatch.begin(exchange, headers, this);
        watch = begun;
        return begun;
    }

    /** Headers that plugins add to the reply. */
    Map<String, String> replyHeaders() {
        Served served = Served.in(metadata);
        Optional<Decision.Routed> decision = Optional.ofNullable(exchange).map(Exchange::decision);
        return settings().replies().headers(new Reply(decision, served.balanced(), served.address()));
    }

    /** The last answer of a reply whose end {@code seen} has seen: with what plugins tell the gateway of it. */
    ProcessingResponse last(ProcessingResponse answer, ReplyWatch seen) {
        List<ReplyPlugin.Attribute> attributes = settings().replies().attributes(seen.usage());
        return attributes.isEmpty()
                ? answer
                : answer.toBuilder()
                        .setDynamicMetadata(ReplyMetadata.of(attributes))
                        .build();
    }

    /** What a message still asks for when its answers are on their way; once a message. */
    void later(Runnable work) {
        later = work;
    }

    boolean hasMore() {
        return later != null;
    }

    /** Does it. */
    void more() {
        Runnable work = later;
        later = null;
        if (work != null) {
            work.run();
        }
    }

    void send(ProcessingResponse response) {
        if (!closed) {
            answered = true;
            envoy.onNext(response);
        }
    }

    /** Answers the client from here; Envoy needs no more of this stream. */
    Phase refuse(Refusal refusal) {
        if (lost != null) {
            return new Ended(this);
        }
        routing.listener().refused(refusal.code(), refusal.reason());
        send(refusal.answer());
        close();
        return new Ended(this);
    }

    /** It is taken back from where it is served; {@link #started} may still be to come. */
    Phase evict() {
        ReplyWatch begun = watch;
        if (lost == null && (begun == null || !begun.finished())) {
            lost = EndCause.EVICTED;
            if (exchange != null) {
                exchange.end(EndCause.EVICTED);
            }
            send(Refusal.EVICTED);
            close();
        }
        return new Ended(this);
    }

    /** Envoy has nothing more to say, or went away. */
    void abandoned(EndCause cause) {
        lost = cause;
        leave.run();
        ReplyWatch begun = watch;
        if (begun != null && (begun.finished() || !modes.seesResponseBody())) {
            begun.end();
        } else if (exchange != null) {
            exchange.end(cause);
        }
    }

    /** Our own code failed: the client is told while it can be. */
    void failed(Throwable cause) {
        routing.listener().fault("stream", cause);
        if (exchange != null) {
            exchange.end(EndCause.UPSTREAM_ERROR);
        }
        if (closed) {
            return;
        }
        if (answered) {
            closed = true;
            envoy.onError(Status.INTERNAL
                    .withDescription("failed to process the stream")
                    .asRuntimeException());
        } else {
            send(Refusal.internal("the router failed to process the request").answer());
            close();
        }
    }

    /** The call is gone: nothing can be sent any more. */
    void cancelled() {
        closed = true;
    }

    void close() {
        if (!closed) {
            closed = true;
            envoy.onCompleted();
        }
    }
}
