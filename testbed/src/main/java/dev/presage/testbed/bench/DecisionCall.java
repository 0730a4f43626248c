package dev.presage.testbed.bench;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc.ExternalProcessorStub;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request as Envoy carries it: sends headers and body, takes the time of the decision, drains the body that comes back,
 * then plays the reply and takes that back too. Started on any thread; the rest happens on the connection's event loop.
 */
final class DecisionCall implements StreamObserver<ProcessingResponse> {
    static final String DESTINATION = "x-gateway-destination-endpoint";

    /** Told once each, in this order; {@code decided} is left out when there was no decision. */
    interface Listener {
        /** The destination came at {@code atNanos}; the last part of the body went out after {@code sentNanos}. */
        void decided(long sentNanos, long atNanos);

        void ended(boolean failed);
    }

    private enum Stage {
        DECIDING,
        DRAINING,
        REPLYING,
        ENDED
    }

    private final LongSupplier nanoClock;
    private final Consumer<Runnable> engine;
    private final List<ProcessingRequest> reply;
    private final Listener listener;
    private @Nullable StreamObserver<ProcessingRequest> server;
    private Stage stage = Stage.DECIDING;
    private long sentNanos;

    /** @param engine runs the reply when the engine would have it ready */
    DecisionCall(LongSupplier nanoClock, Consumer<Runnable> engine, List<ProcessingRequest> reply, Listener listener) {
        this.nanoClock = nanoClock;
        this.engine = engine;
        this.reply = reply;
        this.listener = listener;
    }

    void start(ExternalProcessorStub stub, ProcessingRequest headers, List<ByteString> body) {
        StreamObserver<ProcessingRequest> opened = stub.process(this);
        server = opened;
        opened.onNext(headers);
        int last = body.size() - 1;
        for (int i = 0; i < last; i++) {
            opened.onNext(EnvoyMessages.requestBody(body.get(i), false));
        }
        ProcessingRequest end = EnvoyMessages.requestBody(body.get(last), true);
        sentNanos = nanoClock.getAsLong();
        opened.onNext(end);
    }

    @Override
    public void onNext(ProcessingResponse message) {
        switch (stage) {
            case DECIDING -> {
                long now = nanoClock.getAsLong();
                if (message.hasRequestHeaders() && names(message)) {
                    stage = Stage.DRAINING;
                    listener.decided(sentNanos, now);
                } else {
                    fail("no destination in " + message.getResponseCase());
                }
            }
            case DRAINING -> {
                if (message.hasRequestBody() && ends(message.getRequestBody())) {
                    stage = Stage.REPLYING;
                    engine.accept(this::reply);
                }
            }
            case REPLYING -> {
                if (message.hasResponseBody() && ends(message.getResponseBody())) {
                    server().onCompleted();
                }
            }
            case ENDED -> {}
        }
    }

    private void reply() {
        if (stage == Stage.REPLYING) {
            reply.forEach(server()::onNext);
        }
    }

    private static boolean names(ProcessingResponse message) {
        var set = message.getRequestHeaders().getResponse().getHeaderMutation().getSetHeadersList();
        for (HeaderValueOption header : set) {
            if (header.getHeader().getKey().equals(DESTINATION)) {
                return true;
            }
        }
        return false;
    }

    private static boolean ends(BodyResponse body) {
        return body.getResponse().getBodyMutation().getStreamedResponse().getEndOfStream();
    }

    private StreamObserver<ProcessingRequest> server() {
        return Objects.requireNonNull(server, "an answer came before the start");
    }

    private void fail(String why) {
        server().onError(new IllegalStateException(why));
        ended(true);
    }

    @Override
    public void onError(Throwable cause) {
        ended(true);
    }

    @Override
    public void onCompleted() {
        ended(stage != Stage.REPLYING);
    }

    private void ended(boolean failed) {
        if (stage != Stage.ENDED) {
            stage = Stage.ENDED;
            listener.ended(failed);
        }
    }
}
