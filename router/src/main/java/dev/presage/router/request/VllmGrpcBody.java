package dev.presage.router.request;

import com.google.protobuf.CodedInputStream;
import dev.presage.router.body.ProtoFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A body of vLLM's gRPC service. Only the fields that matter are known, by their numbers: the prompt as token ids or text, the
 * bound on output, whether to stream. It names no model.
 */
final class VllmGrpcBody implements Body {
    private static final int TOKENIZED = 2;
    private static final int TEXT = 3;
    private static final int SAMPLING = 4;
    private static final int STREAM = 5;
    private static final int INPUT_IDS = 2;
    private static final int MAX_TOKENS = 8;
    private static final int PIECE = 8192;

    private final BodyShape shape;
    private final String encoding;
    private final PromptFacts facts = new PromptFacts();
    private boolean promptSeen;

    VllmGrpcBody(BodyShape shape, String encoding) {
        this.shape = shape;
        this.encoding = encoding;
    }

    @Override
    public Reading finish(String id, String clientRequestId, List<ByteBuffer> whole) {
        return switch (GrpcBody.open(whole, encoding, this::request)) {
            case CODED -> new Reading.Understood(InferenceRequest.opaque(id, clientRequestId));
            case MALFORMED -> new Reading.Refused("error reading request: no valid gRPC message");
            case READ ->
                promptSeen
                        ? new Reading.Understood(facts.request(shape, id, clientRequestId))
                        : new Reading.Refused(shape.complaint);
        };
    }

    private void request(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            boolean message = ProtoFields.isLengthDelimited(tag);
            switch (ProtoFields.number(tag)) {
                case TOKENIZED -> ProtoFields.nested(in, tag, this::tokenized);
                case TEXT -> {
                    if (message && shape == BodyShape.GRPC_GENERATE) {
                        text(in);
                    } else {
                        in.skipField(tag);
                    }
                }
                case SAMPLING -> ProtoFields.nested(in, tag, this::sampling);
                case STREAM -> facts.stream(ProtoFields.integer(in, tag) != 0);
                default -> in.skipField(tag);
            }
        }
    }

    private void tokenized(CodedInputStream in) throws IOException {
        promptSeen = true;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (ProtoFields.number(tag) == INPUT_IDS) {
                ProtoFields.integers(in, tag, facts.prompt()::tokenId);
            } else {
                in.skipField(tag);
            }
        }
    }

    private void sampling(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (ProtoFields.number(tag) == MAX_TOKENS) {
                facts.bound(shape, "max_tokens", Integer.toUnsignedLong(ProtoFields.integer(in, tag)));
            } else {
                in.skipField(tag);
            }
        }
    }

    private void text(CodedInputStream in) throws IOException {
        promptSeen = true;
        int left = in.readRawVarint32();
        while (left > 0) {
            byte[] piece = in.readRawBytes(Math.min(left, PIECE));
            facts.prompt().text(piece, 0, piece.length);
            left -= piece.length;
        }
    }

    @Override
    public long[] blocksFor(String model) {
        return facts.blocksFor(model);
    }
}
