package dev.presage.router.body;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Any bytes as a compressed body: cuts make no difference, the bound holds, and what is whole is what the JDK finds. */
public final class InflatingFuzz {
    private static final int MOST = 1 << 16;

    private InflatingFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        byte[] body = Arrays.copyOfRange(data, 1, data.length);
        String encoding = (data[0] & 1) == 0 ? "gzip" : "deflate";
        byte[] whole = inflated(encoding, body, body.length);
        byte[] pieces = inflated(encoding, body, 1 + (data[0] >>> 1 & 0x3F));
        if (!Arrays.equals(whole, pieces)) {
            throw new AssertionError("cuts make a difference: " + whole.length + " and " + pieces.length + " bytes");
        }
        if (encoding.equals("gzip") && whole.length > 0) {
            try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
                byte[] theirs = gzip.readNBytes(MOST + 1);
                if (!Arrays.equals(Arrays.copyOf(theirs, whole.length), whole)) {
                    throw new AssertionError("the JDK inflates to something else");
                }
            } catch (IOException checksum) {
                // Checksums are not looked at here.
            }
        }
    }

    /** Empty unless the body is whole. */
    private static byte[] inflated(String encoding, byte[] body, int piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Inflating inflating = Inflating.of(encoding, MOST).orElseThrow()) {
            for (int at = 0; at < body.length; at += piece) {
                ByteBuffer chunk = ByteBuffer.wrap(body, at, Math.min(piece, body.length - at));
                inflating.feed(chunk, (bytes, from, to) -> out.write(bytes, from, to - from));
            }
            if (out.size() > MOST + 8192) {
                throw new AssertionError(out.size() + " bytes, though " + MOST + " are allowed");
            }
            return inflating.complete() ? out.toByteArray() : new byte[0];
        }
    }
}
