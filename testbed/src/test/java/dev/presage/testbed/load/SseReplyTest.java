package dev.presage.testbed.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SseReplyTest {
    private static final String TOKEN = "data: {\"choices\":[{\"text\":\"a\"}]}\n\n";
    private static final String USAGE =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":64}}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    /** Each read of the stream yields one chunk, a millisecond after the one before. */
    private final AtomicLong clock = new AtomicLong();

    @Test
    void timesFirstAndLastTokenAndReadsUsage() throws IOException {
        ClientSample sample = read(TOKEN, TOKEN, TOKEN, USAGE, DONE);
        assertTrue(sample.ok(), sample.failure());
        assertEquals(1.0, sample.ttftMs());
        assertEquals(1.0, sample.tpotMs());
        assertEquals(100, sample.promptTokens());
        assertEquals(64, sample.cachedTokens());
        assertEquals(3, sample.outputTokens());
    }

    @Test
    void findsEventsWhereverTheyAreCut() throws IOException {
        String whole = TOKEN + TOKEN + TOKEN + USAGE + DONE;
        for (int cut = 1; cut < whole.length(); cut++) {
            clock.set(0);
            ClientSample sample = read(whole.substring(0, cut), whole.substring(cut));
            assertTrue(sample.ok(), "cut at " + cut + ": " + sample.failure());
            assertEquals(3, sample.outputTokens(), "cut at " + cut);
        }
    }

    @Test
    void aReplyThatEndsEarlyIsAFailure() throws IOException {
        ClientSample sample = read(TOKEN, TOKEN);
        assertEquals("reply ended early", sample.failure());
    }

    @Test
    void aReplyWithoutATokenIsAFailure() throws IOException {
        assertFalse(read(USAGE, DONE).ok());
    }

    private ClientSample read(String... chunks) throws IOException {
        SseReply reply = new SseReply(clock::get);
        reply.readAll(new Chunks(List.of(chunks)));
        return reply.sample("t", 0, 200, 0, 0, clock.get());
    }

    private final class Chunks extends InputStream {
        private final Deque<String> chunks;

        private Chunks(List<String> chunks) {
            this.chunks = new ArrayDeque<>(chunks);
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("only read in bulk");
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            String next = chunks.poll();
            if (next == null) {
                return -1;
            }
            clock.addAndGet(1_000_000);
            byte[] bytes = next.getBytes(StandardCharsets.UTF_8);
            int taken = Math.min(length, bytes.length);
            if (taken < bytes.length) {
                chunks.addFirst(next.substring(taken));
            }
            return new ByteArrayInputStream(bytes, 0, taken).read(into, offset, taken);
        }
    }
}
