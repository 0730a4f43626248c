package dev.presage.testbed.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LivePageTest {
    @Test
    void servesItselfFromTheClassPathOnly() throws Exception {
        try (LivePage page = LivePage.start(0, () -> "{\"phase\":\"x\"}".getBytes(StandardCharsets.UTF_8));
                HttpClient client = HttpClient.newHttpClient()) {
            assertEquals("127.0.0.1", page.address().getHost());
            for (String path : List.of("", "page.js", "page.css", "chart.js")) {
                HttpResponse<String> response = get(client, page, path);
                assertEquals(200, response.statusCode(), path);
                assertTrue(
                        response.headers().firstValue("content-security-policy").isPresent(), path);
            }
            assertFalse(get(client, page, "").body().contains("http://"));
            assertFalse(get(client, page, "").body().contains("https://"));
            assertEquals("{\"phase\":\"x\"}", get(client, page, "api/state").body());
        }
    }

    private static HttpResponse<String> get(HttpClient client, LivePage page, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(page.address().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
