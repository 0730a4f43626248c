package dev.presage.router.request;

import dev.presage.router.body.ByteSink;
import java.nio.ByteBuffer;
import java.util.List;

/** One request body of one format while it is read. Confined to one thread. */
sealed interface Body extends ByteSink permits JsonBody, VllmGrpcBody, VertexBody, OpaqueBody, Unclaimed {
    /** Takes the rest of {@code chunk}. */
    default void feed(ByteBuffer chunk) {}

    @Override
    default void take(byte[] bytes, int from, int to) {
        feed(ByteBuffer.wrap(bytes, from, to - from));
    }

    /** The body is complete; {@code whole} is all of it again, empty when it was inflated on the way. */
    Reading finish(String id, String clientRequestId, List<ByteBuffer> whole);

    /** The request as far as it was read. */
    default InferenceRequest soFar(String id, String clientRequestId) {
        return InferenceRequest.opaque(id, clientRequestId);
    }

    /** Where the model's JSON value stands, quotes included. */
    default ByteSpan modelSpan() {
        return ByteSpan.NONE;
    }

    /** The blocks of the prompt as another model would have them. */
    default long[] blocksFor(String model) {
        return new long[0];
    }
}
