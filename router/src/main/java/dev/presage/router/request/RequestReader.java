package dev.presage.router.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteBufferFeeder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request body, chunk by chunk as it arrives, in one pass: model, bounds, length estimate and prefix hashes. The
 * prompt never becomes a String. Used by one thread at a time, by the adapter that carries the bytes; how the bytes are cut
 * makes no difference.
 */
public final class RequestReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNestingDepth(10_000)
                    .build())
            .build();
    private static final String MALFORMED = "error unmarshaling request bodyMap: ";

    private final BodyShape shape;
    private final BodyWalk walk;
    private final @Nullable JsonParser parser;
    private boolean malformed;

    private RequestReader(BodyShape shape) {
        this.shape = shape;
        this.walk = new BodyWalk(shape);
        try {
            this.parser = shape == BodyShape.OPAQUE ? null : JSON.createNonBlockingByteBufferParser();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A reader for the body of a request to {@code path}; a path that no API claims is not looked into. */
    public static RequestReader ofPath(String path) {
        return new RequestReader(BodyShape.ofPath(path));
    }

    /** Takes the next bytes; they are read before this returns. */
    public void feed(ByteBuffer chunk) {
        if (parser == null || malformed || !chunk.hasRemaining()) {
            return;
        }
        try {
            feeder(parser).feedInput(chunk.slice());
            drain(parser);
        } catch (JsonProcessingException e) {
            malformed = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The body is complete.
     *
     * @param id the router's own id of the request
     * @param clientRequestId the client's, may be empty
     * @param body all bytes again, read only to say what is wrong with malformed ones
     */
    public Reading finish(String id, String clientRequestId, Iterable<ByteBuffer> body) {
        if (parser == null) {
            return new Reading.Understood(InferenceRequest.opaque(id, clientRequestId));
        }
        end(parser);
        if (malformed || !walk.complete()) {
            return new Reading.Refused(MALFORMED + JsonComplaint.about(body));
        }
        if (!walk.rootIsObject()) {
            return new Reading.Refused(MALFORMED + "json: cannot unmarshal " + walk.rootType()
                    + " into Go value of type map[string]interface {}");
        }
        if (!walk.hasPrompt()) {
            return new Reading.Refused(shape.complaint);
        }
        if (!walk.model().isEmpty()) {
            return new Reading.Understood(walk.request(id, clientRequestId));
        }
        return walk.hasModel() && walk.modelSpan().isEmpty()
                ? new Reading.Refused("model not found in request body")
                : new Reading.Unnamed(walk.request(id, clientRequestId));
    }

    /** The request as far as it was read, for a body that is too long to be read to its end. */
    public InferenceRequest soFar(String id, String clientRequestId) {
        return parser == null || malformed
                ? InferenceRequest.opaque(id, clientRequestId)
                : walk.request(id, clientRequestId);
    }

    /** Where the value of {@code model} stands in the body, quotes included; empty while it has none. */
    public ByteSpan modelSpan() {
        return walk.modelSpan();
    }

    /**
     * The request that this reader gave, for another target model: what was read stays as it is and nothing is read again.
     *
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
                walk.blocksFor(model),
                request.maxTokens(),
                request.stream(),
                request.priority(),
                request.headers());
    }

    private void end(JsonParser open) {
        if (malformed) {
            return;
        }
        try {
            feeder(open).endOfInput();
            drain(open);
        } catch (JsonProcessingException e) {
            malformed = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void drain(JsonParser open) throws IOException {
        for (JsonToken token = open.nextToken();
                token != null && token != JsonToken.NOT_AVAILABLE;
                token = open.nextToken()) {
            if (walk.complete()) {
                malformed = true;
                return;
            }
            walk.token(token, open);
        }
    }

    private static ByteBufferFeeder feeder(JsonParser open) {
        return (ByteBufferFeeder) open.getNonBlockingInputFeeder();
    }
}
