package dev.presage.router.request;

import dev.presage.router.body.Inflating;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request body, chunk by chunk as it arrives, in one pass: model, bounds, length estimate and prefix hashes. No text of
 * the prompt is kept. Used by one thread at a time, by the adapter that carries the bytes; how the bytes are cut makes no
 * difference.
 */
public final class RequestReader {
    /** A compressed body is read so far and no further; as long as the longest plain one that the adapter holds. */
    static final long MAX_INFLATED_BYTES = 32L << 20;

    private final Body body;
    private final @Nullable Inflating inflating;

    RequestReader(Body body, @Nullable Inflating inflating) {
        this.body = body;
        this.inflating = inflating;
    }

    /** A reader of the standard formats for a body behind {@code path}, of which no header tells anything. */
    public static RequestReader ofPath(String path) {
        return RequestFormats.STANDARD.reader(RequestHead.of(path));
    }

    /** Takes the next bytes; they are read before this returns. */
    public void feed(ByteBuffer chunk) {
        if (inflating == null) {
            body.feed(chunk);
        } else {
            inflating.feed(chunk, body);
        }
    }

    /**
     * The body is complete. A compressed one that cannot be undone is routed without having been understood: who serves it may
     * know better.
     *
     * @param id the router's own id of the request
     * @param clientRequestId the client's, may be empty
     * @param whole all bytes again, for formats that are read at once
     */
    public Reading finish(String id, String clientRequestId, Iterable<ByteBuffer> whole) {
        if (inflating == null) {
            List<ByteBuffer> again = new ArrayList<>();
            whole.forEach(chunk -> again.add(chunk.duplicate()));
            return body.finish(id, clientRequestId, again);
        }
        inflating.close();
        return inflating.complete()
                ? body.finish(id, clientRequestId, List.of())
                : new Reading.Understood(InferenceRequest.opaque(id, clientRequestId));
    }

    /** The request as far as it was read, for a body that is too long to be read to its end. */
    public InferenceRequest soFar(String id, String clientRequestId) {
        if (inflating == null) {
            return body.soFar(id, clientRequestId);
        }
        inflating.close();
        return inflating.broken() ? InferenceRequest.opaque(id, clientRequestId) : body.soFar(id, clientRequestId);
    }

    /**
     * Where the value of {@code model} stands in the body as it came, quotes included; empty when it has none or is not plain
     * JSON. Known once the body is complete.
     */
    public ByteSpan modelSpan() {
        return inflating == null ? body.modelSpan() : ByteSpan.NONE;
    }

    /**
     * The request that this reader gave, for another target model: what was read stays as it is and nothing is read again.
     *
     * @param request as {@link #finish} gave it
     * @param model what the backend will be asked for
     */
    public InferenceRequest retargeted(InferenceRequest request, String model) {
        return new InferenceRequest(
                request.id(),
                request.clientRequestId(),
                request.requestedModel(),
                model,
                request.api(),
                request.promptTokens(),
                body.blocksFor(model),
                request.maxTokens(),
                request.stream(),
                request.priority(),
                request.mediaParts(),
                request.headers());
    }
}
