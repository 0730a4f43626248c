package dev.presage.router.envoy;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.charset.StandardCharsets;

/** Puts another model into a request's JSON object. Every byte but those of the value stays as it was. */
final class ModelMember {
    private ModelMember() {}

    /**
     * The body with {@code model} in place of the value of the member.
     *
     * @param body an object as far as the value's end, well-formed
     * @param nameEnd where the member's name ends; -1 puts the member first
     */
    static ByteString replaced(ByteString body, long nameEnd, String model) {
        ByteString value = UnsafeByteOperations.unsafeWrap(quoted(model));
        if (nameEnd < 0) {
            int first = skip(body, 0, '{') + 1;
            return body.substring(0, first)
                    .concat(ByteString.copyFrom("\"model\":", StandardCharsets.US_ASCII))
                    .concat(value)
                    .concat(ByteString.copyFrom(",", StandardCharsets.US_ASCII))
                    .concat(body.substring(first));
        }
        int from = skipBlank(body, skip(body, (int) nameEnd, ':') + 1);
        return body.substring(0, from).concat(value).concat(body.substring(scalarEnd(body, from)));
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

    private static int skip(ByteString body, int from, char sought) {
        int at = from;
        while (body.byteAt(at) != sought) {
            at++;
        }
        return at;
    }

    private static int skipBlank(ByteString body, int from) {
        int at = from;
        while (isBlank(body.byteAt(at))) {
            at++;
        }
        return at;
    }

    private static int scalarEnd(ByteString body, int from) {
        int at = from;
        if (body.byteAt(at) == '"') {
            do {
                at += body.byteAt(at) == '\\' ? 2 : 1;
            } while (body.byteAt(at) != '"');
            return at + 1;
        }
        while (body.byteAt(at) != ',' && body.byteAt(at) != '}' && !isBlank(body.byteAt(at))) {
            at++;
        }
        return at;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }
}
