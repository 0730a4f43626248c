package dev.presage.router.observe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Counts the {@code data:} lines of an event stream that carry generated text. Keeps at most one unfinished line of {@link
 * #MAX_LINE} bytes; a longer one is skipped whole.
 */
final class SseReader implements ReplyReader {
    /** A token with its log-probabilities is a few kilobytes; a whole response object is met at most once a stream. */
    static final int MAX_LINE = 1 << 20;

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final int START = 512;

    private final UsageFields usage = new UsageFields();
    private byte[] line = new byte[START];
    private int length;
    private boolean skipping;
    private boolean finished;

    @Override
    public int read(ByteBuffer chunk) {
        ByteBuffer bytes = chunk.duplicate();
        int tokens = 0;
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            if (b != '\n' && b != '\r') {
                append(b);
            } else {
                tokens += lineEnded();
            }
        }
        return tokens;
    }

    private void append(byte b) {
        if (length == MAX_LINE) {
            skipping = true;
        }
        if (skipping) {
            return;
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, Math.min(MAX_LINE, 2 * length));
        }
        line[length++] = b;
    }

    private int lineEnded() {
        int end = length;
        boolean usable = !skipping && end > DATA.length && Arrays.equals(line, 0, DATA.length, DATA, 0, DATA.length);
        length = 0;
        skipping = false;
        if (!usable) {
            return 0;
        }
        int start = DATA.length;
        while (start < end && line[start] == ' ') {
            start++;
        }
        if (end - start >= DONE.length && Arrays.equals(line, start, start + DONE.length, DONE, 0, DONE.length)) {
            finished = true;
            return 0;
        }
        return start < end ? event(start, end - start) : 0;
    }

    private int event(int start, int size) {
        boolean token = false;
        try (JsonParser parser = ReplyJson.FACTORY.createParser(line, start, size)) {
            for (JsonToken at = parser.nextToken(); at != null; at = parser.nextToken()) {
                token |= ReplyJson.isToken(at, parser);
                ReplyJson.usage(at, parser, usage);
                finished |= endsReply(at, parser);
            }
        } catch (IOException e) {
            return 0;
        }
        return token ? 1 : 0;
    }

    /** The messages and responses APIs have no {@code [DONE]}; their last event says so. */
    private static boolean endsReply(JsonToken at, JsonParser parser) throws IOException {
        if (at != JsonToken.VALUE_STRING || !"type".equals(parser.currentName())) {
            return false;
        }
        String type = parser.getText();
        return type.equals("message_stop") || type.equals("response.completed");
    }

    @Override
    public Usage usage() {
        return usage.usage();
    }

    @Override
    public boolean finished() {
        return finished;
    }
}
