package dev.presage.router.bbr;

import com.google.protobuf.ByteString;
import dev.presage.router.request.ModelField;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;

/**
 * One request. Where bodies are streamed both ways, its headers wait until the model is known, and what was held goes out behind
 * them at once: a model at the front of a body costs no wait for the rest. Where bodies are buffered, the answer to the body changes
 * the headers. Used by the stream's event loop.
 */
final class BodyRoutingStream implements StreamObserver<ProcessingRequest> {
    private final StreamObserver<ProcessingResponse> envoy;
    private final ModelHeaders headers;
    private final int maxHeldBytes;
    private final ModelField model = new ModelField();
    private BodySendMode requestMode;
    private BodySendMode responseMode;
    private ByteString held = ByteString.EMPTY;
    private boolean waiting;
    private boolean answered;

    BodyRoutingStream(
            StreamObserver<ProcessingResponse> envoy, ModelHeaders headers, boolean streaming, int maxHeldBytes) {
        this.envoy = envoy;
        this.headers = headers;
        this.maxHeldBytes = maxHeldBytes;
        requestMode = streaming ? BodySendMode.FULL_DUPLEX_STREAMED : BodySendMode.BUFFERED;
        responseMode = streaming ? BodySendMode.FULL_DUPLEX_STREAMED : BodySendMode.NONE;
    }

    @Override
    public void onNext(ProcessingRequest message) {
        if (message.hasProtocolConfig()) {
            requestMode = message.getProtocolConfig().getRequestBodyMode();
            responseMode = message.getProtocolConfig().getResponseBodyMode();
        }
        switch (message.getRequestCase()) {
            case REQUEST_HEADERS -> requestHeaders(message.getRequestHeaders());
            case REQUEST_BODY -> requestBody(message.getRequestBody());
            case REQUEST_TRAILERS -> requestTrailers();
            case RESPONSE_HEADERS -> envoy.onNext(Replies.responseHeaders());
            case RESPONSE_BODY -> responseBody(message.getResponseBody());
            case RESPONSE_TRAILERS -> envoy.onNext(Replies.responseTrailers());
            case REQUEST_NOT_SET -> {
                // A message that says nothing needs no answer.
            }
        }
    }

    private void requestHeaders(HttpHeaders request) {
        waiting = !request.getEndOfStream() && requestMode == BodySendMode.FULL_DUPLEX_STREAMED;
        if (!waiting) {
            envoy.onNext(Replies.requestHeaders(CommonResponse.getDefaultInstance()));
        }
    }

    private void requestBody(HttpBody body) {
        if (requestMode != BodySendMode.FULL_DUPLEX_STREAMED) {
            envoy.onNext(Replies.requestBody(change(body)));
        } else if (!waiting) {
            Replies.chunks(body.getBody(), body.getEndOfStream(), Replies::requestChunk, envoy);
        } else {
            held = held.concat(body.getBody());
            ModelField.Finding finding = read(body.getBody());
            boolean known = !(finding instanceof ModelField.Unknown);
            if (known || body.getEndOfStream() || held.size() > maxHeldBytes) {
                release(known ? finding : model.finish(), body.getEndOfStream());
            }
        }
    }

    /** Of a buffered body, once: a body that is only streamed by cannot change headers any more, and its answer changes nothing. */
    private CommonResponse change(HttpBody body) {
        boolean whole = requestMode == BodySendMode.BUFFERED || requestMode == BodySendMode.BUFFERED_PARTIAL;
        if (!whole || answered) {
            return CommonResponse.getDefaultInstance();
        }
        answered = true;
        read(body.getBody());
        return headers.of(model.finish());
    }

    private ModelField.Finding read(ByteString chunk) {
        ModelField.Finding finding = new ModelField.Unknown();
        for (ByteBuffer bytes : chunk.asReadOnlyByteBufferList()) {
            finding = model.feed(bytes);
        }
        return finding;
    }

    private void release(ModelField.Finding finding, boolean end) {
        waiting = false;
        envoy.onNext(Replies.requestHeaders(headers.of(finding)));
        Replies.chunks(held, end, Replies::requestChunk, envoy);
        held = ByteString.EMPTY;
    }

    private void requestTrailers() {
        if (waiting) {
            waiting = false;
            envoy.onNext(Replies.requestHeaders(headers.of(model.finish())));
            if (!held.isEmpty()) {
                Replies.chunks(held, false, Replies::requestChunk, envoy);
            }
        }
        envoy.onNext(Replies.requestTrailers());
    }

    private void responseBody(HttpBody body) {
        if (responseMode == BodySendMode.FULL_DUPLEX_STREAMED) {
            Replies.chunks(body.getBody(), body.getEndOfStream(), Replies::responseChunk, envoy);
        } else {
            envoy.onNext(Replies.responseBody());
        }
    }

    @Override
    public void onError(Throwable cause) {
        held = ByteString.EMPTY;
    }

    @Override
    public void onCompleted() {
        envoy.onCompleted();
    }
}
