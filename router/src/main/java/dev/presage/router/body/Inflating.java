package dev.presage.router.body;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes a body's {@code gzip} or {@code deflate} coding as its bytes come, only to look into it: checksums are left to who
 * uses the body. Memory is a window and zlib's state; {@code maxBytes} bounds the time that a bomb can take, for after so many
 * bytes reading stops. Confined to one thread; what is not closed is freed with the object.
 */
public final class Inflating implements AutoCloseable {
    private enum Coding {
        GZIP,
        DEFLATE
    }

    private static final int WINDOW = 8192;

    private final Coding coding;
    private final long maxBytes;
    private final GzipHeader header = new GzipHeader();
    private final byte[] in = new byte[WINDOW];
    private final byte[] out = new byte[WINDOW];
    private Inflater inflater;
    private long total;
    private boolean begun;
    private boolean memberEnded;
    private int trailer;
    private boolean broken;
    private boolean closed;

    private Inflating(Coding coding, long maxBytes) {
        this.coding = coding;
        this.maxBytes = maxBytes;
        this.inflater = new Inflater(coding == Coding.GZIP);
    }

    /** Whether a {@code content-encoding} changes nothing. */
    public static boolean isIdentity(String encoding) {
        return encoding.isBlank() || encoding.strip().equalsIgnoreCase("identity");
    }

    /**
     * For one coding; empty for those that cannot be undone here, and for several on top of each other.
     *
     * @param maxBytes inflated bytes after which the body counts as unreadable
     */
    public static Optional<Inflating> of(String encoding, long maxBytes) {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> Optional.of(new Inflating(Coding.GZIP, maxBytes));
            case "deflate" -> Optional.of(new Inflating(Coding.DEFLATE, maxBytes));
            default -> Optional.empty();
        };
    }

    /** All of a small message, inflated; empty when it cannot be. */
    public static Optional<byte[]> whole(String encoding, byte[] bytes, int length, long maxBytes) {
        return of(encoding, maxBytes).flatMap(inflating -> {
            try (inflating) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                inflating.feed(
                        ByteBuffer.wrap(bytes, 0, length), (piece, from, to) -> all.write(piece, from, to - from));
                return inflating.complete() ? Optional.of(all.toByteArray()) : Optional.empty();
            }
        });
    }

    /** Takes the rest of {@code chunk} and passes on what it inflates to. */
    public void feed(ByteBuffer chunk, ByteSink sink) {
        while (chunk.hasRemaining() && readable()) {
            int length = Math.min(chunk.remaining(), in.length);
            chunk.get(in, 0, length);
            feed(length, sink);
        }
    }

    private void feed(int length, ByteSink sink) {
        int at = 0;
        try {
            while (at < length && readable()) {
                if (trailer > 0) {
                    int skipped = Math.min(trailer, length - at);
                    trailer -= skipped;
                    at += skipped;
                } else if (memberEnded && coding == Coding.DEFLATE) {
                    broken = true;
                } else if (coding == Coding.GZIP && !header.complete()) {
                    memberEnded = false;
                    broken = !header.takes(in[at++] & 0xFF);
                } else {
                    at += inflate(at, length, sink);
                }
            }
        } catch (DataFormatException e) {
            broken = true;
        }
    }

    private int inflate(int from, int to, ByteSink sink) throws DataFormatException {
        if (!begun && coding == Coding.DEFLATE && (in[from] & 0x0F) != 8) {
            inflater.end();
            inflater = new Inflater(true);
        }
        begun = true;
        inflater.setInput(in, from, to - from);
        int made = 1;
        while (made > 0 && !inflater.finished() && total <= maxBytes) {
            made = inflater.inflate(out);
            total += made;
            sink.take(out, 0, made);
        }
        int taken = to - from - inflater.getRemaining();
        if (inflater.needsDictionary() || total > maxBytes) {
            broken = true;
        } else if (inflater.finished()) {
            endMember();
        }
        return taken;
    }

    private void endMember() {
        memberEnded = true;
        if (coding == Coding.GZIP) {
            inflater.reset();
            header.begin();
            trailer = 8;
        }
    }

    private boolean readable() {
        return !broken && !closed;
    }

    /** Whether what was fed is a whole body. */
    public boolean complete() {
        return memberEnded && trailer == 0 && !broken;
    }

    /** Whether the bytes are not in the coding, or inflate to more than allowed. */
    public boolean broken() {
        return broken;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            inflater.end();
        }
    }
}
