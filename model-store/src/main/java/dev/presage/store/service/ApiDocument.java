package dev.presage.store.service;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * {@code /v1/openapi.yaml}: the description of the store's HTTP interface, for everybody. What it does not describe of a path is answered with 405
 * and what it does, so it is registered last.
 */
final class ApiDocument implements HttpService {
    private static final Set<String> METHODS = Set.of("get", "put", "post");

    private final byte[] document;

    ApiDocument() {
        document = read();
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/v1/openapi.yaml", (request, response) -> response.header("content-type", "application/yaml")
                .send(document));
        methods()
                .forEach((path, allowed) -> rules.any(path, (request, response) -> {
                    String methods = String.join(", ", allowed).toUpperCase(Locale.ROOT);
                    response.header("allow", methods);
                    StoreRoutes.json(
                            response, 405, new Replies.Problem("method", "here only " + methods + " means something"));
                }));
    }

    /** Each path with its methods. */
    private Map<String, Set<String>> methods() {
        Object loaded =
                new Load(LoadSettings.builder().build()).loadFromString(new String(document, StandardCharsets.UTF_8));
        Map<String, Set<String>> methods = new TreeMap<>();
        if (loaded instanceof Map<?, ?> root && root.get("paths") instanceof Map<?, ?> paths) {
            paths.forEach((path, operations) -> {
                Set<String> allowed = new TreeSet<>();
                ((Map<?, ?>) operations).keySet().forEach(name -> allowed.add(String.valueOf(name)));
                allowed.retainAll(METHODS);
                methods.put(String.valueOf(path), allowed);
            });
        }
        return methods;
    }

    static byte[] read() {
        try (InputStream in = ApiDocument.class.getResourceAsStream("openapi.yaml")) {
            return Objects.requireNonNull(in, "openapi.yaml is not in the jar").readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("openapi.yaml cannot be read", e);
        }
    }
}
