package dev.presage.router.observe;

import dev.presage.router.request.Api;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Any bytes as a reply of any kind: it never fails, and cuts make no difference unless it is compressed. */
public final class ReplyFuzz {
    private static final String[] TYPES = {
        "text/event-stream", "text/event-stream", "application/json", "application/grpc"
    };

    private ReplyFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        Api[] apis = Api.values();
        ReplyHead head = new ReplyHead(
                TYPES[data[0] & 3],
                (data[0] & 12) == 12 ? "gzip" : "",
                "gzip",
                apis[(data[0] >>> 4 & 15) % apis.length],
                true);
        byte[] body = Arrays.copyOfRange(data, 2, data.length);
        String whole = read(head, body, Math.max(1, body.length));
        String pieces = read(head, body, 1 + (data[1] & 0x3F));
        // What zlib has given when it meets damage depends on the cuts.
        if (!whole.equals(pieces) && head.contentEncoding().isEmpty()) {
            throw new AssertionError("cuts make a difference: " + whole + " and " + pieces);
        }
    }

    private static String read(ReplyHead head, byte[] body, int piece) {
        ReplyReader reader = head.reader();
        int tokens = 0;
        for (int at = 0; at < body.length; at += piece) {
            tokens += reader.read(ByteBuffer.wrap(body, at, Math.min(piece, body.length - at)));
        }
        return tokens + " tokens, " + reader.usage() + ", " + reader.finished() + ", " + reader.skipped();
    }
}
