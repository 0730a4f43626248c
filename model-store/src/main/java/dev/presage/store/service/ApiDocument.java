package dev.presage.store.service;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** {@code /v1/openapi.yaml}: the description of the store's HTTP interface, for everybody. */
final class ApiDocument implements HttpService {
    private final byte[] document;

    ApiDocument() {
        document = read();
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/v1/openapi.yaml", (request, response) -> response.header("content-type", "application/yaml")
                .send(document));
    }

    static byte[] read() {
        try (InputStream in = ApiDocument.class.getResourceAsStream("openapi.yaml")) {
            return Objects.requireNonNull(in, "openapi.yaml is not in the jar").readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("openapi.yaml cannot be read", e);
        }
    }
}
