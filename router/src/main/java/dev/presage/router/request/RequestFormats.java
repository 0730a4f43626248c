package dev.presage.router.request;

import static dev.presage.router.request.RequestParser.ANTHROPIC;
import static dev.presage.router.request.RequestParser.OPENAI;
import static dev.presage.router.request.RequestParser.PASSTHROUGH;
import static dev.presage.router.request.RequestParser.VLLM_HTTP;

import dev.presage.router.body.Inflating;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The request formats that a router reads, as its configuration lists them. The longest suffix that a path ends in decides;
 * between equals the parser that is listed first. Immutable; made by the composition root, asked by the adapter once a request.
 */
public final class RequestFormats {
    /** What the contract reads when no parser is configured. */
    public static final RequestFormats STANDARD =
            new RequestFormats(List.of(OPENAI, ANTHROPIC, VLLM_HTTP, PASSTHROUGH));

    private final List<RequestParser> parsers;
    private final List<BodyShape> shapes = new ArrayList<>();
    private final boolean fallback;
    private final MediaEstimate media;

    /**
     * For the parsers in their order; none means {@link #STANDARD}'s. Those behind {@link RequestParser#PASSTHROUGH} are never
     * asked, as in the contract.
     */
    public RequestFormats(List<RequestParser> configured) {
        this(configured, MediaEstimate.DEFAULT);
    }

    /** The same with another estimate of what pictures and videos are. */
    public RequestFormats(List<RequestParser> configured, MediaEstimate media) {
        this.media = media;
        List<RequestParser> asked = configured.isEmpty() ? STANDARD.parsers : configured;
        int last = asked.indexOf(PASSTHROUGH);
        fallback = last >= 0;
        parsers = List.copyOf(fallback ? asked.subList(0, last + 1) : asked);
        for (RequestParser parser : parsers) {
            for (BodyShape shape : BodyShape.values()) {
                if (shape.parser == parser) {
                    shapes.add(shape);
                }
            }
        }
    }

    /** The parsers that are asked, in order. */
    public List<RequestParser> parsers() {
        return parsers;
    }

    /** A reader for the body behind {@code head}. */
    public RequestReader reader(RequestHead head) {
        Optional<BodyShape> shape = shape(head.path());
        if (shape.isEmpty()) {
            return new RequestReader(new Unclaimed(head.path()), null);
        }
        if (Inflating.isIdentity(head.contentEncoding())) {
            return new RequestReader(body(shape.get(), head), null);
        }
        return Inflating.of(head.contentEncoding(), RequestReader.MAX_INFLATED_BYTES)
                .map(inflating -> new RequestReader(body(shape.get(), head), inflating))
                .orElseGet(() -> new RequestReader(OpaqueBody.INSTANCE, null));
    }

    Optional<BodyShape> shape(String path) {
        @Nullable BodyShape best = fallback ? BodyShape.OPAQUE : null;
        int longest = 0;
        for (BodyShape shape : shapes) {
            int matched = shape.matched(path);
            if (matched > longest) {
                best = shape;
                longest = matched;
            }
        }
        return Optional.ofNullable(best);
    }

    private Body body(BodyShape shape, RequestHead head) {
        return switch (shape) {
            case OPAQUE, COUNT_TOKENS -> OpaqueBody.INSTANCE;
            case GRPC_GENERATE, GRPC_EMBED -> new VllmGrpcBody(shape, head.grpcEncoding());
            case VERTEX_CHAT, VERTEX_RAW -> new VertexBody(json(shape, head), head.grpcEncoding());
            case CHAT,
                    COMPLETIONS,
                    RESPONSES,
                    CONVERSATIONS,
                    EMBEDDINGS,
                    IMAGES,
                    MESSAGES,
                    VLLM_GENERATE,
                    SGLANG_GENERATE -> json(shape, head);
        };
    }

    private JsonBody json(BodyShape shape, RequestHead head) {
        return new JsonBody(shape, new MediaTokens(media, head.video()));
    }
}
