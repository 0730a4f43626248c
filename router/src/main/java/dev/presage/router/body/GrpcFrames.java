package dev.presage.router.body;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts a body of gRPC into its messages, however it came in pieces. Holds one message of at most {@code maxBytes}; a longer one
 * is passed over and counted. Confined to one thread.
 */
public final class GrpcFrames {
    /** Takes messages one by one. */
    @FunctionalInterface
    public interface Sink {
        /**
         * A whole message; the array is only valid during the call.
         *
         * @param compressed whether it is in the stream's {@code grpc-encoding}
         */
        void message(byte[] bytes, int length, boolean compressed);
    }

    /** Flag and length. */
    private static final int PREFIX = 5;

    private static final int START = 1024;

    private final int maxBytes;
    private final Sink sink;
    private byte[] held = new byte[START];
    private int length;
    private int prefixBytes;
    private boolean compressed;
    private long size;
    private long passedOver;
    private int skipped;

    /** For one direction of one call. */
    public GrpcFrames(int maxBytes, Sink sink) {
        this.maxBytes = maxBytes;
        this.sink = sink;
    }

    /** Takes the rest of {@code chunk}. */
    public void feed(ByteBuffer chunk) {
        while (chunk.hasRemaining()) {
            if (prefixBytes < PREFIX) {
                prefix(chunk.get() & 0xFF);
            } else if (size > maxBytes) {
                int some = (int) Math.min(chunk.remaining(), size - passedOver);
                chunk.position(chunk.position() + some);
                passedOver += some;
            } else {
                hold(chunk);
            }
            if (prefixBytes == PREFIX && length + passedOver == size) {
                messageEnded();
            }
        }
    }

    private void prefix(int b) {
        if (prefixBytes++ == 0) {
            compressed = b != 0;
            size = 0;
        } else {
            size = size << 8 | b;
        }
    }

    /** Room is made for what has come, never for what a prefix promises. */
    private void hold(ByteBuffer chunk) {
        int some = (int) Math.min(chunk.remaining(), size - length);
        if (length + some > held.length) {
            held = Arrays.copyOf(held, Math.max(length + some, (int) Math.min(2L * held.length, maxBytes)));
        }
        chunk.get(held, length, some);
        length += some;
    }

    private void messageEnded() {
        if (size > maxBytes) {
            skipped++;
        } else {
            sink.message(held, length, compressed);
        }
        prefixBytes = 0;
        length = 0;
        passedOver = 0;
    }

    /** Messages that were too long to be held. */
    public int skipped() {
        return skipped;
    }
}
