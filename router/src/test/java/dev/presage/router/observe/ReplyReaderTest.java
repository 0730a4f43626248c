package dev.presage.router.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReplyReaderTest {
    private static final String CHAT = """
            data: {"choices":[{"delta":{"role":"assistant","content":""}}]}

            : a comment with data: {"choices":[{"delta":{"content":"no"}}]}
            data: {"choices":[{"delta":{"reasoning_content":"think"}}]}\r
            \r
            data:{"choices":[{"delta":{"content":"é"}}]}

            data: {"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{"}}]}}]}

            data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

            data: {"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":2}}}

            data: [DONE]

            """;

    @Property(tries = 60)
    void countsTheSameHoweverLinesAreCut(@ForAll @IntRange(min = 1, max = 120) int piece) {
        ReplyReader reader = ReplyReader.streamed();
        assertEquals(3, read(reader, CHAT, piece));
        assertEquals(new Usage(11, 2, 4), reader.usage());
        assertTrue(reader.finished());
    }

    @Property(tries = 200)
    void survivesAnything(@ForAll @Size(max = 300) byte[] bytes) {
        for (ReplyReader reader : new ReplyReader[] {ReplyReader.streamed(), ReplyReader.whole()}) {
            reader.read(ByteBuffer.wrap("data: {\"choices\":".getBytes(StandardCharsets.UTF_8)));
            reader.read(ByteBuffer.wrap(bytes));
            reader.read(ByteBuffer.wrap("\n\n".getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void readsTheMessagesAndResponsesApis() {
        ReplyReader messages = ReplyReader.streamed();
        int tokens = read(messages, """
                event: message_start
                data: {"type":"message_start","message":{"content":[],"usage":{"input_tokens":10,"output_tokens":1,"cache_read_input_tokens":6}}}

                data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Hi"}}

                data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":5}}

                data: {"type":"message_stop"}

                """, 17);
        assertEquals(1, tokens);
        assertEquals(new Usage(16, 6, 5), messages.usage());
        assertTrue(messages.finished());

        ReplyReader responses = ReplyReader.streamed();
        tokens = read(responses, """
                data: {"type":"response.output_text.delta","delta":"Hi"}

                data: {"type":"response.completed","response":{"output":[{"content":[{"text":"Hi"}]}],"usage":{"input_tokens":3,"output_tokens":1,"input_tokens_details":{"cached_tokens":0}}}}

                """, 17);
        assertEquals(1, tokens);
        assertEquals(new Usage(3, 0, 1), responses.usage());
        assertTrue(responses.finished());
    }

    @Test
    void readsALineOfAnyLengthWithoutHoldingIt() {
        ReplyReader reader = ReplyReader.streamed();
        String start = "data: {\"choices\":[{\"text\":\"";
        assertEquals(0, read(reader, start, 60_000));
        byte[] text = "x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 320; i++) {
            reader.read(ByteBuffer.wrap(text));
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 1 << 20, allocated + " bytes for 20 MB");
        assertEquals(1, read(reader, "\"}],\"usage\":{\"prompt_tokens\":1}}\n", 60_000));
        assertEquals(1, read(reader, "data: {\"choices\":[{\"text\":\"y\"}]}\n", 60_000));
        assertEquals(1, reader.usage().promptTokens());
    }

    @Test
    void joinsTheDataLinesOfAnEvent() {
        for (String end : new String[] {"\n", "\r", "\r\n"}) {
            String text =
                    "event: x\ndata: {\"choices\":[{\ndata:\"text\":\"y\"}],\nid: 1\n: c\ndata: \"usage\":{\"prompt_tokens\":7}\n"
                            + "data: }\n\ndata: {\"choices\":[\n\ndata: {\"choices\":[{\"text\":\"z\"}]}\n\ndata: nonsense\n"
                            + "data: {\"choices\":[{\"text\":\"z\"}]}\ndata: [DONE]\n\n";
            for (int piece : new int[] {1, 2, 7, 500}) {
                ReplyReader reader = ReplyReader.streamed();
                assertEquals(3, read(reader, text.replace("\n", end), piece), piece + " bytes");
                assertEquals(7, reader.usage().promptTokens());
                assertTrue(reader.finished());
            }
        }
    }

    @Test
    void readsSglang() {
        ReplyReader events = ReplyReader.streamed();
        String info =
                ",\"meta_info\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"cached_tokens\":4,\"e2e_latency\":0.1}}";
        String text = "data: {\"text\":\"a\"" + info + "\n\ndata: {\"text\":\"ab\"" + info + "\n\ndata: [DONE]\n\n";
        assertEquals(2, read(events, text, 3));
        assertEquals(new Usage(9, 4, 2), events.usage());
        ReplyReader whole = ReplyReader.whole();
        read(whole, "[{\"text\":\"ab\"" + info + "]", 3);
        assertEquals(new Usage(9, 4, 2), whole.usage());
    }

    @Test
    void readsVllmsTokenIds() {
        ReplyReader events = ReplyReader.streamed();
        String text = "data: {\"choices\":[{\"token_ids\":[5,6]}]}\n\ndata: {\"choices\":[{\"token_ids\":[]}]}\n\n";
        assertEquals(1, read(events, text, 4));
    }

    @Test
    void findsUsageInADocument() {
        ReplyReader reader = ReplyReader.whole();
        String document = "{\"choices\":[{\"message\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":3,"
                + "\"completion_tokens\":2,\"total_tokens\":5}}";
        assertEquals(0, read(reader, document, 5));
        assertEquals(new Usage(3, -1, 2), reader.usage());
        assertTrue(reader.finished());
        assertFalse(ReplyReader.whole().finished());
    }

    private static int read(ReplyReader reader, String text, int piece) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int tokens = 0;
        for (int at = 0; at < bytes.length; at += piece) {
            tokens += reader.read(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
        }
        return tokens;
    }
}
