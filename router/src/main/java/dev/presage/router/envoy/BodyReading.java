package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.Reading;
import dev.presage.router.request.RequestReader;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Holds a request body while it comes in, and reads it meanwhile. A reader that fails leaves the request opaque, and its body
 * as it is.
 */
final class BodyReading {
    private static final String NOT_LOOKED_INTO = "";

    private final Headers headers;
    private final Addressing addressing;
    private final ExtProcListener listener;
    private final RequestReader reader;
    private ByteString held = ByteString.EMPTY;
    private boolean broken;

    BodyReading(Headers headers, RequestRouting routing) {
        this.headers = headers;
        this.addressing = routing.addressing();
        this.listener = routing.listener();
        this.reader = RequestReader.ofPath(headers.isEncoded() ? NOT_LOOKED_INTO : headers.path());
    }

    void add(ByteString chunk) {
        held = held.concat(chunk);
        if (broken) {
            return;
        }
        try {
            chunk.asReadOnlyByteBufferList().forEach(reader::feed);
        } catch (RuntimeException | LinkageError e) {
            broken = true;
            listener.fault("read", e);
        }
    }

    /** Bytes held. */
    int size() {
        return held.size();
    }

    ByteString held() {
        return held;
    }

    /** Whether the body is read at all. */
    boolean looksInside() {
        return reader.looksInside();
    }

    boolean modelIsRead() {
        return reader.modelIsRead();
    }

    /** The whole body is there. */
    Reading finish(String id) {
        if (!broken) {
            try {
                return switch (reader.finish(id, clientId(), buffers(), this::target)) {
                    case Reading.Understood(InferenceRequest request) -> new Reading.Understood(addressed(request));
                    case Reading.Refused refused -> refused;
                };
            } catch (RuntimeException | LinkageError e) {
                listener.fault("read", e);
            }
        }
        return new Reading.Understood(opaque(id));
    }

    /** More will come, but is not waited for. */
    InferenceRequest soFar(String id) {
        if (!broken) {
            try {
                return addressed(reader.soFar(id, clientId(), this::target));
            } catch (RuntimeException | LinkageError e) {
                listener.fault("read", e);
            }
        }
        return opaque(id);
    }

    /** What is held, as it goes to the backend of the request. */
    ByteString outgoing(InferenceRequest request) {
        return request.model().equals(request.requestedModel())
                ? held
                : ModelMember.replaced(held, reader.modelNameEnd(), request.model());
    }

    private String target(String requested) {
        return addressing.target(headers, requested);
    }

    private InferenceRequest addressed(InferenceRequest request) {
        return addressing.addressed(request, headers);
    }

    private InferenceRequest opaque(String id) {
        return addressed(InferenceRequest.opaque(id, clientId()));
    }

    private String clientId() {
        return headers.first(HeaderNames.REQUEST_ID);
    }

    private List<ByteBuffer> buffers() {
        return held.asReadOnlyByteBufferList();
    }
}
