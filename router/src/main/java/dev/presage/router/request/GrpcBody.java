package dev.presage.router.request;

import com.google.protobuf.CodedInputStream;
import dev.presage.router.body.Inflating;
import dev.presage.router.body.ProtoFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Opens the first message of a gRPC body: a flag, four bytes of length, the message. The calls that are read send only one. */
final class GrpcBody {
    /** A compressed message is inflated at once; a longer one goes unread. */
    private static final int LONGEST_COMPRESSED = 1 << 20;

    private static final int LONGEST_INFLATED = 4 << 20;

    /** What came of it. */
    enum Opened {
        READ,
        /** In a coding that is not undone here. */
        CODED,
        MALFORMED
    }

    private GrpcBody() {}

    static Opened open(List<ByteBuffer> whole, String encoding, ProtoFields.Message message) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(whole);
            byte flag = in.readRawByte();
            int length = Integer.reverseBytes(in.readFixed32());
            if (flag == 1) {
                return compressed(in, length, encoding, message);
            }
            if (flag != 0) {
                return Opened.MALFORMED;
            }
            in.pushLimit(length);
            message.read(in);
            return in.getBytesUntilLimit() == 0 ? Opened.READ : Opened.MALFORMED;
        } catch (IOException e) {
            return Opened.MALFORMED;
        }
    }

    private static Opened compressed(CodedInputStream in, int length, String encoding, ProtoFields.Message message)
            throws IOException {
        if (length < 0 || length > LONGEST_COMPRESSED) {
            return Opened.CODED;
        }
        byte[] coded = in.readRawBytes(length);
        Optional<byte[]> plain = Inflating.whole(encoding, coded, length, LONGEST_INFLATED);
        if (plain.isEmpty()) {
            return Opened.CODED;
        }
        message.read(CodedInputStream.newInstance(plain.get()));
        return Opened.READ;
    }
}
