package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.registry.DirectoryRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The document names the very routes that the server has, and answers are among those that it names. */
class OpenApiTest {
    private static final Pattern ROUTE = Pattern.compile("\"(/v1/[^\"]*|/healthz)\"");
    private static final Set<String> METHODS = Set.of("get", "put", "post");

    @TempDir
    Path root;

    @Test
    void theDocumentHasEveryRouteAndNoOther() throws IOException {
        Set<String> routes = new TreeSet<>();
        Path sources = Path.of("src/main/java/dev/presage/store/service");
        for (String name : List.of("StoreRoutes", "ChangeRoutes", "ApiDocument")) {
            Matcher route = ROUTE.matcher(Files.readString(sources.resolve(name + ".java")));
            while (route.find()) {
                routes.add(route.group(1));
            }
        }
        assertEquals(routes, new TreeSet<>(paths().keySet()));
    }

    @Test
    void answersAreAmongThoseThatAreDocumented() throws Exception {
        BundleArchive archive = SampleBundles.archive("chat", 1);
        try (DirectoryRegistry registry = DirectoryRegistry.open(
                        root, new BundleReader(TrustPolicy.anyone()), 50, () -> Instant.ofEpochMilli(7));
                StoreServer server = StoreServer.start(
                        StoreSettings.loopback(0), registry, AliasListener.NONE, () -> Instant.ofEpochMilli(9));
                HttpClient http = HttpClient.newHttpClient()) {
            registry.publish("chat", archive.bytes(), "trainer");
            int asked = 0;
            for (Map.Entry<String, Map<String, Object>> path : paths().entrySet()) {
                for (String method : path.getValue().keySet()) {
                    if (METHODS.contains(method)) {
                        Set<String> documented = map(map(path.getValue().get(method))
                                        .get("responses"))
                                .keySet();
                        for (String body : List.of("", "{}", "[]", "\u0000", goodBody(archive))) {
                            for (String id : List.of(archive.id().value(), "sha256-" + "0".repeat(64), "x")) {
                                String where = method + " " + filled(path.getKey(), id);
                                HttpRequest request = HttpRequest.newBuilder(
                                                URI.create(server.base() + filled(path.getKey(), id)))
                                        .method(
                                                method.toUpperCase(Locale.ROOT),
                                                HttpRequest.BodyPublishers.ofString(body))
                                        .build();
                                HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                                assertTrue(
                                        documented.contains("" + answer.statusCode()),
                                        where + " with " + body + " answers " + answer.statusCode() + ": "
                                                + answer.body());
                                asked++;
                            }
                        }
                    }
                }
            }
            assertTrue(asked > 200, asked + " requests");
        }
    }

    @Test
    void aMethodThatIsNotDocumentedIsAnsweredWithThoseThatAre() throws Exception {
        try (DirectoryRegistry registry = DirectoryRegistry.open(
                        root, new BundleReader(TrustPolicy.anyone()), 50, () -> Instant.ofEpochMilli(7));
                StoreServer server = StoreServer.start(
                        StoreSettings.loopback(0), registry, AliasListener.NONE, () -> Instant.ofEpochMilli(9));
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(server.base() + filled("/v1/pools/{pool}/versions/{id}/evidence/{kind}", "x")))
                    .DELETE()
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(405, answer.statusCode());
            assertEquals("GET, PUT", answer.headers().firstValue("allow").orElse(""));
        }
    }

    private static String goodBody(BundleArchive archive) {
        return """
                {"bundle":"%s","frozen":true,"to":"retired","tags":["a"],"note":"n","expected_revision":0,
                 "actor":"me","reason":"test"}""".formatted(archive.id());
    }

    private static String filled(String path, String id) {
        return path.replace("{pool}", "chat")
                .replace("{alias}", "champion")
                .replace("{kind}", "shadow")
                .replace("{id}", id);
    }

    private static Map<String, Map<String, Object>> paths() {
        Object loaded = new Load(LoadSettings.builder().build())
                .loadFromString(new String(ApiDocument.read(), StandardCharsets.UTF_8));
        Map<String, Map<String, Object>> paths = new TreeMap<>();
        map(map(loaded).get("paths")).forEach((path, operations) -> paths.put(path, map(operations)));
        return paths;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }
}
