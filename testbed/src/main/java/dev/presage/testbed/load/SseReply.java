package dev.presage.testbed.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Reads one streamed completion: when its first and last token came, its usage, whether it was complete. Time is read once
 * per read from the socket, and only events that carry usage are parsed: measuring must stay cheap beside serving. One thread.
 */
final class SseReply {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] USAGE = "\"usage\":{".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_CHOICES = "\"choices\":[]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_LINE = 1 << 20;

    private final LongSupplier nanoClock;
    private byte[] buffer = new byte[4096];
    private boolean done;
    private long firstTokenNanos = Long.MIN_VALUE;
    private long lastTokenNanos = Long.MIN_VALUE;
    private int promptTokens = -1;
    private int cachedTokens = -1;
    private int outputTokens = -1;

    SseReply(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Reads to the end of the stream. */
    void readAll(InputStream in) throws IOException {
        int filled = 0;
        while (true) {
            if (filled == buffer.length) {
                if (filled >= LONGEST_LINE) {
                    throw new IOException("event longer than " + LONGEST_LINE + " bytes");
                }
                buffer = Arrays.copyOf(buffer, filled * 2);
            }
            int read = in.read(buffer, filled, buffer.length - filled);
            if (read < 0) {
                return;
            }
            long now = nanoClock.getAsLong();
            filled += read;
            filled = consumeLines(filled, now);
        }
    }

    /** Handles the whole lines among the first {@code filled} bytes and keeps the rest; returns its length. */
    private int consumeLines(int filled, long now) throws IOException {
        int start = 0;
        for (int i = 0; i < filled; i++) {
            if (buffer[i] == '\n') {
                line(start, i, now);
                start = i + 1;
            }
        }
        System.arraycopy(buffer, start, buffer, 0, filled - start);
        return filled - start;
    }

    private void line(int from, int to, long now) throws IOException {
        if (to - from < DATA.length || !Arrays.equals(buffer, from, from + DATA.length, DATA, 0, DATA.length)) {
            return;
        }
        if (contains(from, Math.min(to, from + 16), DONE)) {
            done = true;
            return;
        }
        if (contains(from, to, USAGE)) {
            usage(JSON.readTree(buffer, from + DATA.length, to - from - DATA.length)
                    .path("usage"));
        }
        if (!contains(from, to, NO_CHOICES)) {
            firstTokenNanos = firstTokenNanos == Long.MIN_VALUE ? now : firstTokenNanos;
            lastTokenNanos = now;
        }
    }

    private void usage(JsonNode usage) {
        promptTokens = usage.path("prompt_tokens").asInt(-1);
        outputTokens = usage.path("completion_tokens").asInt(-1);
        cachedTokens = usage.path("prompt_tokens_details").path("cached_tokens").asInt(-1);
    }

    private boolean contains(int from, int to, byte[] wanted) {
        for (int i = from; i <= to - wanted.length; i++) {
            if (buffer[i] == wanted[0] && Arrays.equals(buffer, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    /** The sample of this reply; {@code dueNanos} is on this reply's clock. */
    ClientSample sample(String target, int index, int status, long dueNanos, long lagNanos, long endNanos) {
        String failure = status != 200
                ? "status " + status
                : !done ? "reply ended early" : firstTokenNanos == Long.MIN_VALUE ? "no token" : "";
        return new ClientSample(
                target,
                index,
                status,
                failure,
                lagNanos,
                firstTokenNanos == Long.MIN_VALUE ? -1 : firstTokenNanos - dueNanos,
                lastTokenNanos == Long.MIN_VALUE ? -1 : lastTokenNanos - dueNanos,
                endNanos - dueNanos,
                promptTokens,
                cachedTokens,
                outputTokens);
    }
}
