package dev.presage.router.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestReaderTest {
    private static final String LONG = "word ".repeat(400);

    @Test
    void readsBoundsOfEachApi() {
        assertEquals(
                9,
                ok(
                                "/v1/chat/completions?x=1",
                                "{\"model\":\"m\",\"max_tokens\":5,\"max_completion_tokens\":9,"
                                        + "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")
                        .maxTokens());
        assertEquals(
                5,
                ok("/v1/completions", "{\"model\":\"m\",\"max_tokens\":5,\"prompt\":\"x\"}")
                        .maxTokens());
        assertEquals(
                7,
                ok("/v1/responses", "{\"model\":\"m\",\"max_output_tokens\":7,\"input\":\"x\"}")
                        .maxTokens());
        assertEquals(
                8,
                ok(
                                "/inference/v1/generate",
                                "{\"model\":\"m\",\"token_ids\":[1,2],\"sampling_params\":{\"max_tokens\":8}}")
                        .maxTokens());
        assertEquals(
                0,
                ok("/v1/completions", "{\"model\":\"m\",\"max_tokens\":-5,\"prompt\":\"x\"}")
                        .maxTokens());
        assertEquals(
                Integer.MAX_VALUE,
                ok("/v1/completions", "{\"model\":\"m\",\"max_tokens\":99999999999,\"prompt\":\"x\"}")
                        .maxTokens());
    }

    @Test
    void tellsApisApartByTheirPath() {
        assertEquals(
                Api.MESSAGES,
                ok("/v1/messages", "{\"model\":\"m\",\"system\":\"s\",\"messages\":[{}]}")
                        .api());
        assertEquals(
                Api.EMBEDDINGS,
                ok("/v1/embeddings", "{\"model\":\"m\",\"input\":[\"a\",\"b\"]}")
                        .api());
        assertEquals(Api.OPAQUE, ok("/foocompletions", "anything").api());
        assertEquals(Api.OPAQUE, ok("/v1/messages/count_tokens", "{}").api());
        assertEquals(
                Api.CHAT,
                ok("/gw/v1/chat/completions/render", chat(turn("user", "x"))).api());
    }

    @Test
    void refusesShapesInTheContractsWords() {
        String messages = "invalid chat completions request: must have valid messages field";
        assertEquals(messages, refused("/v1/chat/completions", "{\"model\":\"m\",\"messages\":\"x\"}"));
        assertEquals(messages, refused("/v1/chat/completions", "{\"model\":\"m\",\"messages\":[]}"));
        assertEquals(messages, refused("/v1/chat/completions", "null"));
        assertEquals("invalid responses request: must have input field", refused("/v1/responses", "{\"model\":\"m\"}"));
        assertEquals(
                "invalid embeddings request: must have input field",
                refused("/v1/embeddings", "{\"model\":\"m\",\"input\":null}"));
    }

    @Test
    void aLongerConversationStartsWithTheBlocksOfAShorterOne() {
        InferenceRequest first = ok("/v1/chat/completions", chat(turn("system", LONG), turn("user", LONG)));
        InferenceRequest second = ok(
                "/v1/chat/completions",
                chat(turn("system", LONG), turn("user", LONG), turn("assistant", LONG), turn("user", "more")));
        assertTrue(first.prefixBlocks().length >= 15);
        for (int i = 0; i < first.prefixBlocks().length; i++) {
            assertEquals(first.prefixBlocks()[i], second.prefixBlocks()[i], "block " + i);
        }
        assertTrue(second.prefixBlocks().length > first.prefixBlocks().length);
    }

    @Test
    void whatStandsInFrontOfTheTurnsChangesAllBlocks() {
        String plain = chat(turn("user", LONG));
        String tools = plain.substring(0, plain.length() - 1) + ",\"tools\":[{\"name\":\"f\"}]}";
        String salted = plain.substring(0, plain.length() - 1) + ",\"cache_salt\":\"tenant\"}";
        long first = ok("/v1/chat/completions", plain).prefixBlocks()[0];
        assertNotEquals(first, ok("/v1/chat/completions", tools).prefixBlocks()[0]);
        assertNotEquals(first, ok("/v1/chat/completions", salted).prefixBlocks()[0]);
        assertNotEquals(
                first,
                ok("/v1/chat/completions", plain.replace("\"m\"", "\"n\"")).prefixBlocks()[0]);
    }

    @Test
    void countsTokenIdsAndPictures() {
        assertEquals(
                3,
                ok("/v1/completions", "{\"model\":\"m\",\"prompt\":[[1,2],[3]]}")
                        .promptTokens());
        String picture = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                + "\"image_url\":{\"url\":\"data:image/png;base64," + "A".repeat(5000) + "\"}}]}]}";
        assertEquals(226, ok("/v1/chat/completions", picture).promptTokens());
    }

    @Test
    void readsAVeryLongPrompt() {
        String prompt = "p".repeat(20_000_001);
        InferenceRequest request = ok("/v1/completions", "{\"model\":\"m\",\"prompt\":\"" + prompt + "\"}");
        assertEquals(5_000_001, request.promptTokens());
        assertEquals(PromptDigest.MAX_BLOCKS, request.prefixBlocks().length);
    }

    private static String turn(String role, String content) {
        return "{\"role\":\"" + role + "\",\"content\":\"" + content + "\"}";
    }

    private static String chat(String... turns) {
        return "{\"messages\":[" + String.join(",", turns) + "],\"model\":\"m\"}";
    }

    private static InferenceRequest ok(String path, String body) {
        return assertInstanceOf(Reading.Understood.class, read(path, body)).request();
    }

    private static String refused(String path, String body) {
        return assertInstanceOf(Reading.Refused.class, read(path, body)).message();
    }

    private static Reading read(String path, String body) {
        return RequestReaderPropertyTest.read(path, body.getBytes(StandardCharsets.UTF_8), 32_768);
    }
}
