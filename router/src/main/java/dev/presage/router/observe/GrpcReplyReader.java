package dev.presage.router.observe;

import com.google.protobuf.CodedInputStream;
import dev.presage.router.body.GrpcFrames;
import dev.presage.router.body.Inflating;
import dev.presage.router.body.ProtoFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts tokens in the messages of a gRPC reply: vLLM's, by their field numbers, or HTTP bodies that Vertex AI wraps. Holds one
 * message of at most {@link #MAX_MESSAGE} bytes.
 */
final class GrpcReplyReader implements ReplyReader {
    /** Which call it answers. */
    enum Call {
        GENERATE,
        EMBED,
        HTTP_BODY
    }

    static final int MAX_MESSAGE = 1 << 20;

    private final Call call;
    private final String encoding;
    private final GrpcFrames frames = new GrpcFrames(MAX_MESSAGE, this::message);
    private final UsageFields usage = new UsageFields();
    private @Nullable ReplyReader wrapped;
    private int tokens;
    private boolean finished;

    GrpcReplyReader(Call call, String encoding) {
        this.call = call;
        this.encoding = encoding;
    }

    @Override
    public int read(ByteBuffer chunk) {
        tokens = 0;
        frames.feed(chunk.duplicate());
        return tokens;
    }

    private void message(byte[] bytes, int length, boolean compressed) {
        try {
            if (!compressed) {
                response(CodedInputStream.newInstance(bytes, 0, length));
                return;
            }
            Optional<byte[]> plain = Inflating.whole(encoding, bytes, length, MAX_MESSAGE);
            if (plain.isPresent()) {
                response(CodedInputStream.newInstance(plain.get()));
            }
        } catch (IOException notOurs) {
            // What cannot be read is not counted.
        }
    }

    private void response(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = ProtoFields.number(tag);
            if (call == Call.HTTP_BODY && number == 2 && ProtoFields.isLengthDelimited(tag)) {
                httpBody(in.readByteArray());
            } else if (call == Call.EMBED && number == 2) {
                ProtoFields.nested(in, tag, embedding -> counts(embedding, new Numbers(-1, 2, -1, -1)));
            } else if (call == Call.GENERATE && number == 2) {
                ProtoFields.nested(in, tag, chunk -> tokens += counts(chunk, new Numbers(1, 2, 3, 4)) > 0 ? 1 : 0);
            } else if (call == Call.GENERATE && number == 3) {
                finished = true;
                ProtoFields.nested(in, tag, complete -> counts(complete, new Numbers(1, 3, 4, 5)));
            } else {
                in.skipField(tag);
            }
        }
    }

    /** Field numbers of what is counted; negative for none. */
    private record Numbers(int ids, int prompt, int completion, int cached) {}

    /** Returns the number of token ids. What protobuf leaves out is 0. */
    private int counts(CodedInputStream in, Numbers numbers) throws IOException {
        int[] ids = {0};
        int prompt = 0;
        int completion = 0;
        int cached = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = ProtoFields.number(tag);
            if (number == numbers.ids) {
                ProtoFields.integers(in, tag, id -> ids[0]++);
            } else if (number == numbers.prompt) {
                prompt = ProtoFields.integer(in, tag);
            } else if (number == numbers.completion) {
                completion = ProtoFields.integer(in, tag);
            } else if (number == numbers.cached) {
                cached = ProtoFields.integer(in, tag);
            } else {
                in.skipField(tag);
            }
        }
        if (prompt > 0) {
            usage.number("prompt_tokens", prompt);
            usage.number("cached_tokens", cached);
        }
        if (completion > 0) {
            usage.number("completion_tokens", completion);
        }
        return ids[0];
    }

    private void httpBody(byte[] data) {
        if (wrapped == null && data.length > 0) {
            wrapped = data[0] == '{' ? new JsonReplyReader() : new SseReader();
        }
        if (wrapped != null) {
            tokens += wrapped.read(ByteBuffer.wrap(data));
        }
    }

    @Override
    public Usage usage() {
        return wrapped == null ? usage.usage() : wrapped.usage();
    }

    @Override
    public boolean finished() {
        return wrapped == null ? finished : wrapped.finished();
    }

    @Override
    public int skipped() {
        return frames.skipped();
    }
}
