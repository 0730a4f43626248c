package dev.presage.router.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.presage.router.body.InflatingTest;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is allocated while a very long prompt is read: less than a twentieth of it, so it cannot be held. */
class PromptMemoryTest {
    private static final int LENGTH = 20 << 20;
    private static final int MOST = 1 << 20;

    @Test
    void aPromptOf20MegabytesIsNeverHeld() {
        RequestReader reader = RequestReader.ofPath("/v1/completions");
        long allocated = allocatedBy(fed -> prompt(fed, "a b\\n\u00e9".getBytes(StandardCharsets.UTF_8)), reader);
        assertTrue(allocated < MOST, allocated + " bytes");
        InferenceRequest request = assertInstanceOf(Reading.Understood.class, reader.finish("id", "c", List.of()))
                .request();
        assertTrue(request.promptTokens() > LENGTH / 6, request.promptTokens() + " tokens");
        assertEquals(PromptDigest.MAX_BLOCKS, request.prefixBlocks().length);
    }

    @Test
    void norAreFiveMillionTokenIds() {
        RequestReader reader = RequestReader.ofPath("/inference/v1/generate");
        long allocated = allocatedBy(
                fed -> {
                    fed.feed(bytes("{\"model\":\"m\",\"token_ids\":[1"));
                    repeat(fed, ",17".getBytes(StandardCharsets.UTF_8), LENGTH);
                    fed.feed(bytes("]}"));
                },
                reader);
        assertTrue(allocated < MOST, allocated + " bytes");
    }

    @Test
    void norIsWhatInflates() {
        byte[] text = ("{\"model\":\"m\",\"prompt\":\"" + "words and ".repeat(LENGTH / 10) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] coded = InflatingTest.gzip(text);
        RequestReader reader =
                RequestFormats.STANDARD.reader(new RequestHead("/v1/completions", "gzip", "", VideoHint.NONE));
        long allocated = allocatedBy(fed -> fed.feed(ByteBuffer.wrap(coded)), reader);
        assertTrue(allocated < MOST, allocated + " bytes");
        Reading reading = reader.finish("id", "c", List.of());
        assertEquals(
                (LENGTH / 10 * 10 + 3) / 4,
                assertInstanceOf(Reading.Understood.class, reading).request().promptTokens());
    }

    private static void prompt(RequestReader reader, byte[] words) {
        reader.feed(bytes("{\"model\":\"m\",\"prompt\":\""));
        repeat(reader, words, LENGTH);
        reader.feed(bytes("\"}"));
    }

    private static void repeat(RequestReader reader, byte[] words, int atLeast) {
        ByteBuffer chunk = ByteBuffer.allocate(words.length * 8192);
        while (chunk.hasRemaining()) {
            chunk.put(words);
        }
        for (int fed = 0; fed < atLeast; fed += chunk.capacity()) {
            reader.feed(chunk.flip());
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long allocatedBy(Consumer<RequestReader> feeding, RequestReader reader) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        feeding.accept(reader);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
