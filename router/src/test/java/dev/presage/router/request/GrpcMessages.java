package dev.presage.router.request;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Writes protobuf fields and gRPC frames for tests. */
public final class GrpcMessages {
    /** Writes the fields of a message. */
    @FunctionalInterface
    public interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private GrpcMessages() {}

    public static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static byte[] frame(int flag, byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) flag)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /** vLLM's GenerateRequest with token ids. */
    public static byte[] generate(boolean stream, int maxTokens, int... ids) {
        byte[] packed = message(out -> {
            for (int id : ids) {
                out.writeUInt32NoTag(id);
            }
        });
        byte[] tokenized = message(out -> {
            out.writeString(1, "not looked at");
            out.writeByteArray(2, packed);
        });
        byte[] sampling = message(out -> {
            out.writeFloat(1, 0.5f);
            out.writeUInt32(8, maxTokens);
        });
        return message(out -> {
            out.writeString(1, "id");
            out.writeByteArray(2, tokenized);
            out.writeByteArray(4, sampling);
            out.writeBool(5, stream);
        });
    }
}
