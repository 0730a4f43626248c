package dev.presage.router.observe;

import dev.presage.router.body.JsonScanner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Counts the events of a stream that carry generated text. Lines end in LF, CR or both; the data lines of an event are one
 * document, and so is a data line that holds a whole one. Nothing of a line is held, however long it is.
 */
final class SseReader implements ReplyReader {
    private enum At {
        FIELD,
        /** The rest of a line that is no data. */
        OTHER,
        /** Data that may yet be {@link #DONE}. */
        DONE_OR_DATA,
        DATA
    }

    private static final byte[] FIELD = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_FEED = {'\n'};
    private static final int WINDOW = 4096;

    private final UsageFields usage = new UsageFields();
    private final ReplyWalk walk = new ReplyWalk(usage);
    private final JsonScanner scanner = new JsonScanner(walk, ReplyWalk.NAMES);
    private final byte[] window = new byte[WINDOW];
    private At at = At.FIELD;
    private int matched;
    private boolean lineIsEmpty = true;
    private boolean afterReturn;
    private boolean counted;
    private int tokens;
    private boolean finished;

    @Override
    public int read(ByteBuffer chunk) {
        ByteBuffer bytes = chunk.duplicate();
        tokens = 0;
        while (bytes.hasRemaining()) {
            int length = Math.min(bytes.remaining(), WINDOW);
            bytes.get(window, 0, length);
            read(length);
        }
        return tokens;
    }

    private void read(int length) {
        int i = 0;
        while (i < length) {
            byte b = window[i];
            if (b == '\n' || b == '\r') {
                i++;
                if (b == '\r' || !afterReturn) {
                    lineEnded();
                }
                afterReturn = b == '\r';
                continue;
            }
            afterReturn = false;
            lineIsEmpty = false;
            int end = at == At.OTHER || at == At.DATA ? lineEnd(i, length) : i + 1;
            switch (at) {
                case OTHER -> {}
                case DATA -> document(window, i, end);
                case FIELD -> field(b);
                case DONE_OR_DATA -> doneOrData(b);
            }
            i = end;
        }
    }

    private int lineEnd(int from, int to) {
        int i = from;
        while (i < to && window[i] != '\n' && window[i] != '\r') {
            i++;
        }
        return i;
    }

    private void field(byte b) {
        if (b != FIELD[matched]) {
            at = At.OTHER;
        } else if (++matched == FIELD.length) {
            at = scanner.position() == 0 ? At.DONE_OR_DATA : At.DATA;
            matched = 0;
        }
    }

    private void doneOrData(byte b) {
        if (matched == 0 && b == ' ') {
            return;
        }
        if (b == DONE[matched]) {
            if (++matched == DONE.length) {
                finished = true;
                at = At.OTHER;
            }
            return;
        }
        at = At.DATA;
        document(DONE, 0, matched);
        document(new byte[] {b}, 0, 1);
    }

    private void document(byte[] bytes, int from, int to) {
        scanner.feed(bytes, from, to);
        if (!counted && walk.isWhole()) {
            counted = true;
            finished |= walk.isLast();
            tokens += walk.isToken() ? 1 : 0;
        }
    }

    private void lineEnded() {
        if (at == At.DONE_OR_DATA && matched > 0) {
            document(DONE, 0, matched);
        }
        boolean whole = counted || !scanner.complaint().isEmpty();
        if (lineIsEmpty || whole) {
            scanner.restart();
            walk.begin();
            counted = false;
        } else if (at == At.DATA) {
            document(LINE_FEED, 0, 1);
        }
        at = At.FIELD;
        matched = 0;
        lineIsEmpty = true;
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
