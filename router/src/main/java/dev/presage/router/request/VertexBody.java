package dev.presage.router.request;

import com.google.protobuf.CodedInputStream;
import dev.presage.router.body.ProtoFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A JSON body that Vertex AI's prediction service wraps: {@code http_body.data} of a gRPC message. The same methods over plain
 * HTTP have the JSON as it is; a gRPC body begins with a flag of 0 or 1, which JSON never does.
 */
final class VertexBody implements Body {
    private static final int HTTP_BODY = 2;
    private static final int DATA = 2;
    private static final int PIECE = 8192;

    private final JsonBody json;
    private final String encoding;
    private boolean begun;
    private boolean wrapped;

    VertexBody(JsonBody json, String encoding) {
        this.json = json;
        this.encoding = encoding;
    }

    @Override
    public void feed(ByteBuffer chunk) {
        if (!begun && chunk.hasRemaining()) {
            begun = true;
            byte first = chunk.get(chunk.position());
            wrapped = first == 0 || first == 1;
        }
        if (!wrapped) {
            json.feed(chunk);
        }
    }

    @Override
    public Reading finish(String id, String clientRequestId, List<ByteBuffer> whole) {
        if (!wrapped) {
            return json.finish(id, clientRequestId, whole);
        }
        return switch (GrpcBody.open(whole, encoding, this::request)) {
            case CODED -> new Reading.Understood(InferenceRequest.opaque(id, clientRequestId));
            case MALFORMED -> new Reading.Refused("error reading request: no valid gRPC message");
            case READ -> json.finish(id, clientRequestId, List.of());
        };
    }

    private void request(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (ProtoFields.number(tag) == HTTP_BODY) {
                ProtoFields.nested(in, tag, this::httpBody);
            } else {
                in.skipField(tag);
            }
        }
    }

    private void httpBody(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (ProtoFields.number(tag) != DATA || !ProtoFields.isLengthDelimited(tag)) {
                in.skipField(tag);
                continue;
            }
            int left = in.readRawVarint32();
            while (left > 0) {
                byte[] piece = in.readRawBytes(Math.min(left, PIECE));
                json.take(piece, 0, piece.length);
                left -= piece.length;
            }
        }
    }

    @Override
    public InferenceRequest soFar(String id, String clientRequestId) {
        return wrapped ? InferenceRequest.opaque(id, clientRequestId) : json.soFar(id, clientRequestId);
    }

    @Override
    public ByteSpan modelSpan() {
        return wrapped ? ByteSpan.NONE : json.modelSpan();
    }

    @Override
    public long[] blocksFor(String model) {
        return json.blocksFor(model);
    }
}
