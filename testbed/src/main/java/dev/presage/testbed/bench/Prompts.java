package dev.presage.testbed.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Chat requests of one exact size. The first half of a prompt is one of {@value #OPENINGS} that come again and again, the rest
 * is new each time, so that the prefix index finds something and learns something. Thread-safe.
 */
final class Prompts {
    static final int MIN_BYTES = 256;
    /** As Envoy cuts a body that arrives in full. */
    static final int CHUNK = 16 * 1024;

    private static final int OPENINGS = 16;
    private static final int SERIAL_DIGITS = 16;
    private static final String TAIL = "\"}]}";

    private final byte[][] templates = new byte[OPENINGS][];
    private final int serialAt;
    private final AtomicLong next;

    Prompts(int bytes, boolean stream, long seed) {
        String head = "{\"model\":\"bench\",\"max_tokens\":64,\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"";
        int letters = bytes - head.length() - TAIL.length();
        if (letters < 2 * SERIAL_DIGITS) {
            throw new IllegalArgumentException("a body of " + bytes + " bytes has no room for a prompt");
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < OPENINGS; i++) {
            templates[i] = (head + words(letters, random) + TAIL).getBytes(StandardCharsets.US_ASCII);
        }
        serialAt = head.length() + letters / 2;
        next = new AtomicLong(random.nextLong());
    }

    /** The next body, cut into chunks. */
    List<ByteString> next() {
        long serial = next.getAndIncrement();
        byte[] body = templates[(int) Math.floorMod(serial, (long) OPENINGS)].clone();
        for (int digit = 0; digit < SERIAL_DIGITS; digit++) {
            body[serialAt + digit] = (byte) Character.forDigit((int) (serial >>> (4 * digit) & 0xf), 16);
        }
        List<ByteString> chunks = new ArrayList<>((body.length + CHUNK - 1) / CHUNK);
        for (int from = 0; from < body.length; from += CHUNK) {
            chunks.add(UnsafeByteOperations.unsafeWrap(body, from, Math.min(CHUNK, body.length - from)));
        }
        return chunks;
    }

    private static String words(int length, SplittableRandom random) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            boolean gap = random.nextInt(6) == 0;
            text.append(gap ? ' ' : (char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
