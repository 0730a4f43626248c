package dev.presage.router.envoy;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.presage.router.request.ByteSpan;

/** Puts another model into a request's JSON object. Every byte but those of the value stays as it was. */
final class ModelMember {
    private static final ByteString NAME = ByteString.copyFromUtf8("\"model\":");
    private static final ByteString NEXT = ByteString.copyFromUtf8(",");

    private ModelMember() {}

    /** The body with {@code model} in place of the value that stands at {@code span}. */
    static ByteString replaced(ByteString body, ByteSpan span, String model) {
        return body.substring(0, (int) span.from())
                .concat(UnsafeByteOperations.unsafeWrap(quoted(model)))
                .concat(body.substring((int) span.to()));
    }

    /** The body, an object with other members, with {@code model} as its first one. */
    static ByteString added(ByteString body, String model) {
        int first = 0;
        while (body.byteAt(first) != '{') {
            first++;
        }
        return body.substring(0, first + 1)
                .concat(NAME)
                .concat(UnsafeByteOperations.unsafeWrap(quoted(model)))
                .concat(NEXT)
                .concat(body.substring(first + 1));
    }

    /** A JSON string of the text, with its quotes. */
    static byte[] quoted(String text) {
        byte[] inner = JsonStringEncoder.getInstance().quoteAsUTF8(text);
        byte[] quoted = new byte[inner.length + 2];
        quoted[0] = '"';
        System.arraycopy(inner, 0, quoted, 1, inner.length);
        quoted[quoted.length - 1] = '"';
        return quoted;
    }
}
