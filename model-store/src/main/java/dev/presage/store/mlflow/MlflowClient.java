package dev.presage.store.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.presage.store.bundle.StoreJson;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The few calls of MLflow's model registry that a mirror needs (MLflow REST API 2.0, "registered-models" and "model-versions"). Used by one
 * thread; every call ends within {@link #TIMEOUT}.
 */
final class MlflowClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int OK = 200;
    private static final String GONE = "RESOURCE_DOES_NOT_EXIST";
    private static final String THERE = "RESOURCE_ALREADY_EXISTS";

    /** A version of a registered model. */
    record Version(String number, Map<String, String> tags) {}

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI base;
    private final Optional<String> authorization;

    MlflowClient(URI base, Optional<String> authorization) {
        this.base = base;
        this.authorization = authorization;
    }

    /** Where each alias of the model points; makes the model when there is none. */
    Map<String, String> aliases(String model, String description) throws IOException, InterruptedException {
        String get = "registered-models/get?name=" + encoded(model);
        Answer answer = send(request(get).GET());
        if (answer.isError(GONE)) {
            Answer created = post("registered-models/create", Map.of("name", model, "description", description));
            if (!created.isError(THERE)) {
                created.orThrow();
            }
            answer = send(request(get).GET());
        }
        Map<String, String> aliases = new HashMap<>();
        answer.orThrow()
                .path("registered_model")
                .path("aliases")
                .forEach(alias -> aliases.put(
                        alias.path("alias").asText(), alias.path("version").asText()));
        return aliases;
    }

    List<Version> versions(String model) throws IOException, InterruptedException {
        List<Version> versions = new ArrayList<>();
        String page = "";
        do {
            String path = "model-versions/search?max_results=200&filter=" + encoded("name='" + model + "'")
                    + (page.isEmpty() ? "" : "&page_token=" + encoded(page));
            JsonNode found = send(request(path).GET()).orThrow();
            for (JsonNode version : found.path("model_versions")) {
                Map<String, String> tags = new HashMap<>();
                version.path("tags")
                        .forEach(tag -> tags.put(
                                tag.path("key").asText(), tag.path("value").asText()));
                versions.add(new Version(version.path("version").asText(), tags));
            }
            page = found.path("next_page_token").asText("");
        } while (!page.isEmpty());
        return versions;
    }

    Version create(String model, String source, Map<String, String> tags) throws IOException, InterruptedException {
        List<Map<String, String>> pairs = new TreeMap<>(tags)
                .entrySet().stream()
                        .map(tag -> Map.of("key", tag.getKey(), "value", tag.getValue()))
                        .toList();
        JsonNode created = post("model-versions/create", Map.of("name", model, "source", source, "tags", pairs))
                .orThrow();
        return new Version(created.path("model_version").path("version").asText(), tags);
    }

    void tag(String model, String version, String key, String value) throws IOException, InterruptedException {
        post("model-versions/set-tag", Map.of("name", model, "version", version, "key", key, "value", value))
                .orThrow();
    }

    void point(String model, String alias, String version) throws IOException, InterruptedException {
        post("registered-models/alias", Map.of("name", model, "alias", alias, "version", version))
                .orThrow();
    }

    void unpoint(String model, String alias) throws IOException, InterruptedException {
        send("DELETE", "registered-models/alias", Map.of("name", model, "alias", alias))
                .orThrow();
    }

    private Answer post(String path, Map<String, ?> body) throws IOException, InterruptedException {
        return send("POST", path, body);
    }

    private Answer send(String method, String path, Map<String, ?> body) throws IOException, InterruptedException {
        return send(request(path)
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(StoreJson.write(body))));
    }

    private HttpRequest.Builder request(String path) {
        String root = base.toString().replaceFirst("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + "/api/2.0/mlflow/" + path))
                .timeout(TIMEOUT);
        authorization.ifPresent(value -> request.header("authorization", value));
        return request;
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpRequest built = request.build();
        HttpResponse<byte[]> response = http.send(built, HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(built.uri().getPath(), response.statusCode(), response.body());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private record Answer(String path, int status, byte[] body) {
        boolean isError(String code) {
            return status != OK && new String(body, StandardCharsets.UTF_8).contains('"' + code + '"');
        }

        JsonNode orThrow() throws IOException {
            if (status != OK) {
                String text = new String(body, StandardCharsets.UTF_8);
                throw new IOException(
                        path + " answered " + status + ": " + text.substring(0, Math.min(300, text.length())));
            }
            try {
                return StoreJson.read(body, JsonNode.class);
            } catch (IllegalArgumentException e) {
                throw new IOException(path + " answered other than JSON: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
