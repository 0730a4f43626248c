package dev.presage.router.request;

import java.nio.ByteBuffer;
import java.util.List;

/** A body that is not looked into. */
enum OpaqueBody implements Body {
    INSTANCE;

    @Override
    public Reading finish(String id, String clientRequestId, List<ByteBuffer> whole) {
        return new Reading.Understood(InferenceRequest.opaque(id, clientRequestId));
    }
}
