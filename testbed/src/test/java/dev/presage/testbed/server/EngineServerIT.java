package dev.presage.testbed.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.presage.testbed.engine.AdapterLimits;
import dev.presage.testbed.engine.EngineGauges;
import dev.presage.testbed.engine.EngineProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real HTTP against a real socket; the engine runs fifty times faster than its GPU. */
class EngineServerIT {
    private static final Duration GENEROUS = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final EngineServerOptions options =
            new EngineServerOptions(EngineProfile.named("h100-llama-2-7b-hf-tp1"), "m", "127.0.0.1", 0, 50, 1 << 20);
    private final EngineServer server = EngineServer.start(options);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
    }

    @Test
    void answersACompletionAndFindsItsPrefixTheSecondTime() throws Exception {
        String body = "{\"model\":\"m\",\"prompt\":\"" + "abcd".repeat(1_000) + "\",\"max_tokens\":7}";
        JsonNode first = MAPPER.readTree(post("/v1/completions", body, 200));
        assertEquals(1_000, first.at("/usage/prompt_tokens").asInt());
        assertEquals(7, first.at("/usage/completion_tokens").asInt());
        assertEquals(1_007, first.at("/usage/total_tokens").asInt());
        assertEquals(0, first.at("/usage/prompt_tokens_details/cached_tokens").asInt());
        assertEquals(28, first.at("/choices/0/text").asText().length());
        assertEquals("length", first.at("/choices/0/finish_reason").asText());
        JsonNode second = MAPPER.readTree(post("/v1/completions", body, 200));
        assertEquals(
                992, second.at("/usage/prompt_tokens_details/cached_tokens").asInt());
        assertEquals(first.at("/choices/0/text"), second.at("/choices/0/text"));
    }

    @Test
    void streamsOneEventForEachTokenThenUsageThenDone() throws Exception {
        String body = "{\"model\":\"m\",\"prompt\":\"hello\",\"max_tokens\":5,\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true}}";
        List<String> events = events("/v1/completions", body);
        assertEquals(7, events.size());
        assertEquals("[DONE]", events.getLast());
        JsonNode usage = MAPPER.readTree(events.get(5));
        assertEquals(0, usage.at("/choices").size());
        assertEquals(5, usage.at("/usage/completion_tokens").asInt());
        assertEquals(2, usage.at("/usage/prompt_tokens").asInt());
        assertTrue(MAPPER.readTree(events.get(3)).at("/choices/0/finish_reason").isNull());
        assertEquals(
                "length",
                MAPPER.readTree(events.get(4)).at("/choices/0/finish_reason").asText());
    }

    @Test
    void theNextTurnOfAChatFindsTheAnswerInTheCache() throws Exception {
        String user = "{\"role\":\"user\",\"content\":\"" + "wxyz".repeat(64) + "12\"}";
        String opening = "{\"model\":\"m\",\"messages\":[" + user + "]";
        List<String> events =
                events("/v1/chat/completions", opening + ",\"max_completion_tokens\":64,\"stream\":true}");
        assertEquals(1 + 64 + 1, events.size());
        assertEquals(
                "assistant",
                MAPPER.readTree(events.getFirst()).at("/choices/0/delta/role").asText());
        StringBuilder answer = new StringBuilder();
        for (String event : events.subList(1, 65)) {
            answer.append(MAPPER.readTree(event).at("/choices/0/delta/content").asText());
        }
        String next = "{\"model\":\"m\",\"messages\":[" + user + ",{\"role\":\"assistant\",\"content\":\"" + answer
                + "\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"and now?\"}]}]}";
        JsonNode second = MAPPER.readTree(post("/v1/chat/completions", next, 200));
        assertEquals(65 + 64 + 2, second.at("/usage/prompt_tokens").asInt());
        assertEquals(
                128, second.at("/usage/prompt_tokens_details/cached_tokens").asInt());
        assertEquals(16, second.at("/usage/completion_tokens").asInt());
    }

    @Test
    void theOutputHeaderStandsForTheEndOfTextUnlessItIsIgnored() throws Exception {
        String body = "{\"model\":\"m\",\"prompt\":\"hello\",\"max_tokens\":50";
        JsonNode stopped = MAPPER.readTree(
                send(request("/v1/completions", body + "}").header(CompletionHandler.OUTPUT_TOKENS_HEADER, "3"))
                        .body());
        assertEquals(3, stopped.at("/usage/completion_tokens").asInt());
        assertEquals("stop", stopped.at("/choices/0/finish_reason").asText());
        JsonNode ignored = MAPPER.readTree(send(request("/v1/completions", body + ",\"ignore_eos\":true}")
                        .header(CompletionHandler.OUTPUT_TOKENS_HEADER, "3"))
                .body());
        assertEquals(50, ignored.at("/usage/completion_tokens").asInt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/v1/completions|{\"model\":|400|not JSON",
                "/v1/completions|[1]|400|JSON object",
                "/v1/completions|{\"model\":\"m\"}|400|prompt must be",
                "/v1/completions|{\"prompt\":\"x\"}|400|model must be",
                "/v1/completions|{\"model\":\"m\",\"prompt\":\"x\",\"max_tokens\":0}|400|max_tokens must be",
                "/v1/completions|{\"model\":\"m\",\"prompt\":\"x\",\"max_tokens\":200000}|400|maximum context length is 111568",
                "/v1/completions|{\"model\":\"other\",\"prompt\":\"x\"}|404|`other` does not exist",
                "/v1/chat/completions|{\"model\":\"m\",\"messages\":[]}|400|messages must be",
                "/v1/chat/completions|{\"model\":\"m\",\"messages\":[{\"content\":5}]}|400|messages[0].content",
            })
    void refusesBadRequestsInOpenAisForm(String path, String body, int status, String message) throws Exception {
        JsonNode error = MAPPER.readTree(post(path, body, status)).path("error");
        assertTrue(error.path("message").asText().contains(message), error.toString());
        assertEquals(status, error.path("code").asInt());
    }

    @Test
    void refusesABodyOverTheBound() throws Exception {
        String body = "{\"model\":\"m\",\"prompt\":\"" + "x".repeat(2 << 20) + "\"}";
        assertTrue(post("/v1/completions", body, 413).contains("at most 1048576 bytes"));
    }

    @Test
    void showsModelsHealthAndMetrics() throws Exception {
        post("/v1/completions", "{\"model\":\"m\",\"prompt\":\"" + "abcd".repeat(100) + "\",\"max_tokens\":1}", 200);
        assertEquals("m", MAPPER.readTree(get("/v1/models")).at("/data/0/id").asText());
        assertEquals("", get("/health"));
        String page = get("/metrics");
        for (String line : page.lines().toList()) {
            assertTrue(line.matches("# (HELP|TYPE) vllm:\\w+ .+|vllm:\\w+\\{(\\w+=\"[^\"]*\",?)+} [0-9.E]+"), line);
        }
        assertTrue(page.contains("vllm:num_requests_waiting{engine=\"0\",model_name=\"m\"} 0.0\n"), page);
        assertTrue(page.contains("# TYPE vllm:kv_cache_usage_perc gauge\n"), page);
        assertTrue(page.contains("num_gpu_blocks=\"6973\""), page);
        assertTrue(page.contains("vllm:prefix_cache_queries_total{engine=\"0\",model_name=\"m\"} 100.0\n"), page);
        assertTrue(page.contains("vllm:lora_requests_info{max_lora=\"0\""), page);
    }

    @Test
    void aClientThatLeavesFreesItsBlocks() throws Exception {
        String body =
                "{\"model\":\"m\",\"prompt\":\"" + "abcd".repeat(1_000) + "\",\"max_tokens\":100000,\"stream\":true}";
        HttpResponse<InputStream> response =
                client.send(request("/v1/completions", body).build(), BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            assertEquals('d', in.read());
            assertEquals(1, server.gauges().running());
            assertTrue(server.gauges().kvUsage() > 0);
        }
        await(() -> server.gauges().running() == 0);
        EngineGauges after = server.gauges();
        assertEquals(0, after.kvUsage());
        assertEquals(0, after.waiting());
    }

    @Test
    void closingEndsRequestsUnderWay() throws Exception {
        String body = "{\"model\":\"m\",\"prompt\":\"x\",\"max_tokens\":100000,\"stream\":true}";
        HttpResponse<InputStream> response =
                client.send(request("/v1/completions", body).build(), BodyHandlers.ofInputStream());
        HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/health"))
                .build();
        server.close();
        try (InputStream in = response.body()) {
            String text = readable(in);
            assertFalse(text.contains("[DONE]"));
        }
        assertThrows(IOException.class, () -> client.send(health, BodyHandlers.ofString()));
    }

    private static String readable(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private HttpRequest.Builder request(String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(GENEROUS)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private String post(String path, String body, int status) throws Exception {
        HttpResponse<String> response = send(request(path, body));
        assertEquals(status, response.statusCode(), response.body());
        return response.body();
    }

    private String page(String url) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url))).body();
    }

    private String get(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)))
                .body();
    }

    private List<String> events(String path, String body) throws Exception {
        HttpResponse<InputStream> response = client.send(request(path, body).build(), BodyHandlers.ofInputStream());
        assertEquals(
                "text/event-stream; charset=utf-8",
                response.headers().firstValue("content-type").orElse(""));
        List<String> events = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isEmpty()) {
                    assertTrue(line.startsWith("data: "), line);
                    events.add(line.substring(6));
                }
            }
        }
        return events;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + GENEROUS.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not reached in " + GENEROUS);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void adaptersAreModelsAndTheirStateIsOnTheMetricsPage() throws Exception {
        EngineServerOptions served =
                options.withAdapters(new ServedAdapters(List.of("lora-a", "lora-b"), new AdapterLimits(1, 100)));
        try (EngineServer lora = EngineServer.start(served)) {
            String url = "http://127.0.0.1:" + lora.port();
            JsonNode models = MAPPER.readTree(page(url + "/v1/models"));
            assertEquals("lora-b", models.at("/data/2/id").asText());
            assertEquals("m", models.at("/data/2/parent").asText());
            HttpRequest asked = HttpRequest.newBuilder(URI.create(url + "/v1/completions"))
                    .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"lora-a\",\"prompt\":\"hello\"}"))
                    .build();
            assertEquals(200, client.send(asked, BodyHandlers.ofString()).statusCode());
            assertEquals(Set.of("lora-a"), lora.gauges().loadedAdapters());
            assertTrue(page(url + "/metrics").contains("vllm:lora_requests_info{max_lora=\"1\",running"));
        }
    }
}
