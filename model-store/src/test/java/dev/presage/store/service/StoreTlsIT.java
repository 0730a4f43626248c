package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.PythonTool;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.registry.PublishOutcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code presage store} beyond its own machine: TLS with a certificate of its own, tokens to look and to write. */
class StoreTlsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    Path root;

    @Test
    void whoTrustsItsCertificateAndHasATokenIsServed() throws Exception {
        Path operator = Files.writeString(root.resolve("operator"), "0123456789abcdef-operator\n");
        Path viewer = Files.writeString(root.resolve("viewer"), "0123456789abcdef-viewer\n");
        BundleArchive archive = SampleBundles.archive("chat", 1);
        int port = PythonTool.freePort();
        URI base = URI.create("https://localhost:" + port);
        try (StoreProcess store = StoreProcess.start(
                root.resolve("store"),
                "--bootstrap-servers=127.0.0.1:1",
                "--address=0.0.0.0",
                "--port=" + port,
                "--advertise-url=" + base,
                "--token-file=" + operator,
                "--viewer-token-file=" + viewer)) {
            assertTrue(store.process().isAlive());
            Path certificate = root.resolve("store/tls/tls.crt");
            try (StoreClient trainer = client(base, operator, certificate);
                    StoreClient router = client(base, viewer, certificate);
                    StoreClient nobody = new StoreClient(base, StoreCredentials.read(null, certificate), TIMEOUT);
                    StoreClient distrustful = new StoreClient(base, StoreCredentials.read(operator, null), TIMEOUT);
                    StoreClient plain = client(URI.create("http://localhost:" + port), operator, certificate)) {
                assertEquals(
                        new PublishOutcome.Published(archive.id(), true),
                        trainer.publish("chat", archive.bytes(), "trainer"));
                assertEquals(List.of("chat"), router.pools());
                assertTrue(router.archive(archive.id()).isPresent());
                refused("401", nobody);
                refused("unable to find valid certification path", distrustful);
                assertThrows(IOException.class, plain::pools);
                IOException forbidden =
                        assertThrows(IOException.class, () -> router.publish("chat", archive.bytes(), "router"));
                assertTrue(String.valueOf(forbidden.getMessage()).contains("403"));
                assertTrue(router.isAt(base.resolve("/v1/bundles/x")));
                assertTrue(!router.isAt(URI.create("https://elsewhere:7070/v1/bundles/x")));
            }
        }
    }

    private static StoreClient client(URI base, Path token, Path authority) throws IOException {
        return new StoreClient(base, StoreCredentials.read(token, authority), TIMEOUT);
    }

    private static void refused(String why, StoreClient client) {
        IOException refused = assertThrows(IOException.class, client::pools);
        assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.toString());
    }
}
