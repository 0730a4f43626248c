package dev.presage.router.envoy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gives a reply, a document or an event stream, the model name that the client used: wherever a member {@code model} has the
 * target's name. Takes the reply cut anywhere; holds back only what may become such a member, so never more than its name,
 * blanks and {@link #maxValue} bytes. One reply, one thread at a time.
 */
final class ReplyModel {
    /** Changes nothing. */
    static final ReplyModel UNCHANGED = new ReplyModel("", "");

    private static final byte[] NAME = "\"model\"".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_BLANKS = 64;
    private static final JsonFactory JSON = new JsonFactory();

    private enum At {
        NAME,
        COLON,
        QUOTE,
        VALUE
    }

    private final String target;
    private final byte[] replacement;
    private final int maxValue;
    private byte[] held = new byte[64];
    private int length;
    private int valueStart;
    private boolean escaped;
    private byte before;
    private At at = At.NAME;

    private ReplyModel(String target, String requested) {
        this.target = target;
        this.replacement = ModelMember.quoted(requested);
        // An escape takes at most six bytes for a char.
        this.maxValue = 6 * target.length() + 2;
    }

    static ReplyModel restoring(String target, String requested) {
        return target.equals(requested) || target.isEmpty() || requested.isEmpty()
                ? UNCHANGED
                : new ReplyModel(target, requested);
    }

    boolean changes() {
        return this != UNCHANGED;
    }

    /** The next bytes for the client: all that is settled; with {@code end} everything. */
    ByteString pass(ByteString chunk, boolean end) {
        if (!changes()) {
            return chunk;
        }
        ByteString.Output out = ByteString.newOutput(chunk.size() + length + replacement.length);
        byte[] bytes = chunk.toByteArray();
        int from = 0;
        while (from < bytes.length) {
            if (length == 0) {
                int quote = quote(bytes, from);
                out.write(bytes, from, quote - from);
                before = quote > from ? bytes[quote - 1] : before;
                from = quote;
            }
            if (from < bytes.length) {
                next(bytes[from++], out);
            }
        }
        if (end) {
            release(out);
        }
        return out.toByteString();
    }

    private static int quote(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '"') {
            at++;
        }
        return at;
    }

    private void next(byte b, ByteString.Output out) {
        if (fits(b)) {
            hold(b);
            if (at == At.VALUE && length - valueStart > 1 && b == '"' && !escaped) {
                settle(out);
            }
            escaped = at == At.VALUE && b == '\\' && !escaped;
        } else if (length == 0) {
            out.write(b);
            before = b;
        } else {
            release(out);
            next(b, out);
        }
    }

    /** Whether what is held may go on with this byte, and how. */
    private boolean fits(byte b) {
        return switch (at) {
            case NAME -> {
                boolean expected = b == NAME[length] && (length > 0 || before != '\\');
                if (expected && length == NAME.length - 1) {
                    at = At.COLON;
                }
                yield expected;
            }
            case COLON -> {
                if (b == ':') {
                    at = At.QUOTE;
                }
                yield b == ':' || isFewBlanks(b);
            }
            case QUOTE -> {
                if (b == '"') {
                    at = At.VALUE;
                    valueStart = length;
                }
                yield b == '"' || isFewBlanks(b);
            }
            case VALUE -> length - valueStart < maxValue;
        };
    }

    private boolean isFewBlanks(byte b) {
        return (b == ' ' || b == '\t' || b == '\n' || b == '\r') && length < NAME.length + MAX_BLANKS;
    }

    private void hold(byte b) {
        if (length == held.length) {
            held = Arrays.copyOf(held, 2 * length);
        }
        held[length++] = b;
    }

    /** A whole member is held. */
    private void settle(ByteString.Output out) {
        if (isTarget()) {
            out.write(held, 0, valueStart);
            out.write(replacement, 0, replacement.length);
            before = '"';
            reset();
        } else {
            release(out);
        }
    }

    private boolean isTarget() {
        try (JsonParser parser = JSON.createParser(held, valueStart, length - valueStart)) {
            parser.nextToken();
            return parser.getText().equals(target);
        } catch (IOException e) {
            return false;
        }
    }

    private void release(ByteString.Output out) {
        if (length > 0) {
            out.write(held, 0, length);
            before = held[length - 1];
        }
        reset();
    }

    private void reset() {
        length = 0;
        escaped = false;
        at = At.NAME;
    }
}
