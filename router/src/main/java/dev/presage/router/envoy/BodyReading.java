package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.Reading;
import dev.presage.router.request.RequestReader;
import java.nio.ByteBuffer;
import java.util.List;

/** Holds a request body while it comes in, and reads it meanwhile. A reader that fails leaves the request opaque. */
final class BodyReading {
    private final RequestReader reader;
    private final ExtProcListener listener;
    private ByteString held = ByteString.EMPTY;
    private boolean broken;

    BodyReading(RequestReader reader, ExtProcListener listener) {
        this.reader = reader;
        this.listener = listener;
    }

    void add(ByteString chunk) {
        held = held.concat(chunk);
        guarded(() -> chunk.asReadOnlyByteBufferList().forEach(reader::feed));
    }

    ByteString held() {
        return held;
    }

    Reading finish(String id, String clientRequestId) {
        if (!broken) {
            try {
                return reader.finish(id, clientRequestId, buffers());
            } catch (RuntimeException | LinkageError e) {
                listener.fault("read", e);
            }
        }
        return new Reading.Understood(InferenceRequest.opaque(id, clientRequestId));
    }

    InferenceRequest soFar(String id, String clientRequestId) {
        if (!broken) {
            try {
                return reader.soFar(id, clientRequestId);
            } catch (RuntimeException | LinkageError e) {
                listener.fault("read", e);
            }
        }
        return InferenceRequest.opaque(id, clientRequestId);
    }

    private List<ByteBuffer> buffers() {
        return held.asReadOnlyByteBufferList();
    }

    private void guarded(Runnable read) {
        if (!broken) {
            try {
                read.run();
            } catch (RuntimeException | LinkageError e) {
                broken = true;
                listener.fault("read", e);
            }
        }
    }
}
