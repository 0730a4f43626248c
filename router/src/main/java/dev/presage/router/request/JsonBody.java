package dev.presage.router.request;

import dev.presage.router.body.JsonScanner;
import java.nio.ByteBuffer;
import java.util.List;

/** A body that is one JSON document. */
final class JsonBody implements Body {
    private static final String MALFORMED = "error unmarshaling request bodyMap: ";

    private final BodyShape shape;
    private final BodyWalk walk;
    private final JsonScanner scanner;

    JsonBody(BodyShape shape, MediaTokens media) {
        this.shape = shape;
        this.walk = new BodyWalk(shape, media);
        this.scanner = new JsonScanner(walk, BodyWalk.NAMES);
        walk.watch(scanner);
    }

    @Override
    public void feed(ByteBuffer chunk) {
        scanner.feed(chunk);
    }

    @Override
    public void take(byte[] bytes, int from, int to) {
        scanner.feed(bytes, from, to);
    }

    @Override
    public Reading finish(String id, String clientRequestId, List<ByteBuffer> whole) {
        scanner.end();
        if (!scanner.complaint().isEmpty()) {
            return new Reading.Refused(MALFORMED + scanner.complaint());
        }
        if (!walk.rootIsObject()) {
            return new Reading.Refused(MALFORMED + "json: cannot unmarshal " + walk.rootType()
                    + " into Go value of type map[string]interface {}");
        }
        if (!walk.hasPrompt() && !shape.complaint.isEmpty()) {
            return new Reading.Refused(shape.complaint);
        }
        InferenceRequest request = walk.facts().request(shape, id, clientRequestId);
        if (!request.model().isEmpty() || !shape.namesModel()) {
            return new Reading.Understood(request);
        }
        return walk.facts().modelIsNoText()
                ? new Reading.Refused("model not found in request body")
                : new Reading.Unnamed(request);
    }

    @Override
    public InferenceRequest soFar(String id, String clientRequestId) {
        return scanner.complaint().isEmpty()
                ? walk.facts().request(shape, id, clientRequestId)
                : InferenceRequest.opaque(id, clientRequestId);
    }

    @Override
    public ByteSpan modelSpan() {
        return walk.facts().modelSpan();
    }

    @Override
    public long[] blocksFor(String model) {
        return walk.facts().blocksFor(model);
    }
}
