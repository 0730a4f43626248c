package dev.presage.router.body;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.function.IntConsumer;

/** Protobuf fields read by their numbers, without a schema. A field of another wire type than asked for is passed over. */
public final class ProtoFields {
    /** Reads a message's fields up to its end. */
    @FunctionalInterface
    public interface Message {
        void read(CodedInputStream in) throws IOException;
    }

    private ProtoFields() {}

    public static int number(int tag) {
        return WireFormat.getTagFieldNumber(tag);
    }

    public static boolean isLengthDelimited(int tag) {
        return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /** A message inside the message. */
    public static void nested(CodedInputStream in, int tag, Message message) throws IOException {
        if (!isLengthDelimited(tag)) {
            in.skipField(tag);
            return;
        }
        int outer = in.pushLimit(in.readRawVarint32());
        message.read(in);
        in.checkLastTagWas(0);
        in.popLimit(outer);
    }

    /** One varint of 32 bits, 0 when it is none. */
    public static int integer(CodedInputStream in, int tag) throws IOException {
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_VARINT) {
            in.skipField(tag);
            return 0;
        }
        return in.readUInt32();
    }

    /** A repeated field of varints, packed or not; {@code each} is told one by one. */
    public static void integers(CodedInputStream in, int tag, IntConsumer each) throws IOException {
        if (!isLengthDelimited(tag)) {
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
                each.accept(in.readUInt32());
            } else {
                in.skipField(tag);
            }
            return;
        }
        int outer = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
            each.accept(in.readUInt32());
        }
        in.popLimit(outer);
    }
}
