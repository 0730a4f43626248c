package dev.presage.router.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.presage.router.epp.GatewayCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsServerTest {
    private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);
    private static final Map<String, Page> PAGES = Map.of("/metrics", MetricsServer.text(() -> "page"));

    @TempDir
    Path dir = Path.of(".");

    @Test
    void asksWhoMayRead() throws Exception {
        MetricsAccess access = authorization -> authorization.equals("Bearer good");
        try (MetricsServer server = MetricsServer.start(ANY, null, access, PAGES);
                HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
            assertEquals(401, status(client, uri, Optional.empty()));
            assertEquals(403, status(client, uri, Optional.of("Bearer bad")));
            assertEquals(200, status(client, uri, Optional.of("Bearer good")));
        }
    }

    @Test
    void servesOverTls() throws Exception {
        SSLContext trusting = GatewayCertificate.write(dir);
        try (MetricsServer server = MetricsServer.start(ANY, MetricsTls.of(dir, null), MetricsAccess.ANYONE, PAGES);
                HttpClient client = HttpClient.newBuilder().sslContext(trusting).build()) {
            URI uri = URI.create("https://localhost:" + server.port() + "/metrics");
            assertEquals(200, status(client, uri, Optional.empty()));
        }
    }

    @Test
    void aClientWithoutACertificateOfTheAuthorityIsTurnedAway() throws Exception {
        SSLContext trusting = GatewayCertificate.write(dir);
        MetricsTls tls = MetricsTls.of(dir, dir.resolve("tls.crt"));
        try (MetricsServer server = MetricsServer.start(ANY, tls, MetricsAccess.ANYONE, PAGES);
                HttpClient client = HttpClient.newBuilder().sslContext(trusting).build()) {
            URI uri = URI.create("https://localhost:" + server.port() + "/metrics");
            assertThrows(IOException.class, () -> status(client, uri, Optional.empty()));
        }
    }

    private static int status(HttpClient client, URI uri, Optional<String> authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        authorization.ifPresent(value -> request.header("Authorization", value));
        return client.send(request.build(), BodyHandlers.ofString()).statusCode();
    }
}
