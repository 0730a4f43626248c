package dev.presage.testbed.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PromptsTest {
    private static String text(List<ByteString> chunks) {
        return chunks.stream().reduce(ByteString.EMPTY, ByteString::concat).toStringUtf8();
    }

    @Property(tries = 50)
    void bodiesAreJsonOfTheExactSizeInFullChunks(
            @ForAll @IntRange(min = Prompts.MIN_BYTES, max = 100_000) int bytes, @ForAll boolean stream)
            throws IOException {
        List<ByteString> chunks = new Prompts(bytes, stream, 1).next();
        String text = text(chunks);
        assertEquals(bytes, text.length());
        JsonNode body = new ObjectMapper().readTree(text);
        assertEquals(stream, body.get("stream").asBoolean());
        assertEquals("user", body.get("messages").get(0).get("role").asText());
        assertTrue(chunks.stream().limit(chunks.size() - 1L).allMatch(chunk -> chunk.size() == Prompts.CHUNK));
    }

    @Test
    void openingsComeAgainAndTheRestIsNew() {
        Prompts prompts = new Prompts(4_096, false, 1);
        String first = text(prompts.next());
        String again = "";
        for (int i = 0; i < 16; i++) {
            again = text(prompts.next());
        }
        assertEquals(first.substring(0, 2_000), again.substring(0, 2_000));
        assertNotEquals(first, again);
    }

    @Test
    void tooSmallABodyHasNoRoom() {
        assertThrows(IllegalArgumentException.class, () -> new Prompts(100, false, 1));
    }
}
