package dev.presage.router.request;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** What holds of every body: cuts, spelling and nonsense. */
class RequestReaderPropertyTest {
    private static final String CHAT = "/v1/chat/completions";

    @Property(tries = 300)
    void cutsMakeNoDifference(
            @ForAll @StringLength(max = 700) String text,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 90) int piece) {
        byte[] body = chat(quote(text, new Random(seed), false)).getBytes(StandardCharsets.UTF_8);
        assertSame(read(CHAT, body, body.length), read(CHAT, body, piece));
    }

    @Property(tries = 300)
    void escapesMakeNoDifference(@ForAll @StringLength(max = 700) String text, @ForAll long seed) {
        String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        byte[] plain = chat(quote(wellFormed, new Random(seed), false)).getBytes(StandardCharsets.UTF_8);
        byte[] escaped = chat(quote(wellFormed, new Random(seed), true)).getBytes(StandardCharsets.UTF_8);
        assertSame(read(CHAT, plain, plain.length), read(CHAT, escaped, 13));
    }

    @Property(tries = 500)
    void nonsenseIsOnlyEverRefused(
            @ForAll @Size(max = 200) byte[] bytes, @ForAll @IntRange(min = 1, max = 50) int piece) {
        assertInstanceOf(Reading.Refused.class, read(CHAT, bytes, piece));
    }

    @Property(tries = 500)
    void damagedBodiesAreReadOrRefused(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int piece) {
        Random random = new Random(seed);
        byte[] body = (chat("\"hi \\u00e9 \\ud83d\\ude00\"").replace("}]", ",\"n\":[-1.5e3,true,null]}]"))
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        assertNotNull(read(CHAT, body, piece));
    }

    @Property(tries = 100)
    void blocksAreTheContractsChain(@ForAll @StringLength(max = 900) String text) {
        String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        byte[] utf8 = wellFormed.getBytes(StandardCharsets.UTF_8);
        String body = "{\"prompt\":" + quote(wellFormed, new Random(1), false) + ",\"model\":\"m\"}";
        Reading reading = read("/v1/completions", body.getBytes(StandardCharsets.UTF_8), 77);
        InferenceRequest request = ((Reading.Understood) reading).request();
        long[] expected = new long[utf8.length / 256];
        long chain = Hashing.xxh64().hashBytesToLong(new byte[] {'m'});
        for (int i = 0; i < expected.length; i++) {
            long content = Hashing.xxh64().hashBytesToLong(utf8, 256 * i, 256);
            ByteBuffer link = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            chain = Hashing.xxh64()
                    .hashBytesToLong(link.putLong(content).putLong(chain).array());
            expected[i] = chain;
        }
        assertArrayEquals(expected, request.prefixBlocks());
        assertEquals((utf8.length + 3) / 4, request.promptTokens());
    }

    private static String chat(String quotedContent) {
        return "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":" + quotedContent + "}]}";
    }

    private static String quote(String text, Random random, boolean escape) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < 0x20 || c == '"' || c == '\\' || Character.isSurrogate(c) || escape && random.nextBoolean()) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    static Reading read(String path, byte[] body, int piece) {
        RequestReader reader = RequestReader.ofPath(path);
        List<ByteBuffer> chunks = new ArrayList<>();
        for (int at = 0; at < body.length; at += piece) {
            chunks.add(
                    ByteBuffer.wrap(body, at, Math.min(piece, body.length - at)).asReadOnlyBuffer());
        }
        chunks.forEach(chunk -> reader.feed(chunk.duplicate()));
        return reader.finish("id", "client", chunks);
    }

    private static void assertSame(Reading one, Reading other) {
        InferenceRequest a = assertInstanceOf(Reading.Understood.class, one).request();
        InferenceRequest b = assertInstanceOf(Reading.Understood.class, other).request();
        assertArrayEquals(a.prefixBlocks(), b.prefixBlocks());
        assertEquals(a.promptTokens(), b.promptTokens());
        assertEquals(a.model(), b.model());
    }
}
