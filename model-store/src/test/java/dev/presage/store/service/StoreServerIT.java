package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.PublishOutcome;
import dev.presage.store.registry.RollbackRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreServerIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String TOKEN = "0123456789abcdef-operator";

    @TempDir
    Path root;

    private final RecordingListener listener = new RecordingListener();
    private DirectoryRegistry registry;
    private StoreServer server;
    private StoreClient client;

    @BeforeEach
    void start() throws IOException {
        registry =
                DirectoryRegistry.open(root, new BundleReader(TrustPolicy.anyone()), 50, () -> Instant.ofEpochMilli(7));
        server = serve(StoreSettings.loopback(0));
        client = new StoreClient(server.base(), Optional.empty(), TIMEOUT);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
        registry.close();
    }

    @Test
    void publishesFetchesPromotesAndRollsBack() throws IOException {
        BundleArchive first = SampleBundles.archive("chat", 1);
        BundleArchive second = SampleBundles.archive("chat", 2);
        assertEquals(new PublishOutcome.Published(first.id(), true), client.publish("chat", first.bytes(), "trainer"));
        assertEquals(new PublishOutcome.Published(first.id(), false), client.publish("chat", first.bytes(), "trainer"));
        client.publish("chat", second.bytes(), "trainer");
        assertArrayEquals(first.bytes(), client.archive(first.id()).orElseThrow());
        assertTrue(client.archive(SampleBundles.archive("chat", 9).id()).isEmpty());

        assertInstanceOf(ChangeOutcome.Changed.class, promote(client, first.id(), 0));
        ChangeOutcome conflict = promote(client, second.id(), 0);
        assertEquals(
                "pool chat is at revision 1, not at the expected 0",
                assertInstanceOf(ChangeOutcome.Conflict.class, conflict).message());
        assertInstanceOf(ChangeOutcome.Changed.class, promote(client, second.id(), 1));
        assertInstanceOf(ChangeOutcome.Unchanged.class, promote(client, second.id(), 2));
        assertEquals(List.of("chat"), client.pools());
        assertEquals(registry.pool("chat"), client.pool("chat"));

        ChangeOutcome back = client.change(new RollbackRequest("chat", 2, "operator", "worse", Map.of()));
        assertEquals(Map.of(Alias.CHAMPION, first.id()), back.state().aliases());
        assertEquals(PoolState.empty("nothing"), client.pool("nothing"));
    }

    @Test
    void tellsTheListenerOfMovesAndOfPositionsAtStart() throws IOException {
        BundleArchive archive = SampleBundles.archive("chat", 1);
        client.publish("chat", archive.bytes(), "trainer");
        promote(client, archive.id(), 0);
        AliasMoved moved = listener.heard.getFirst();
        assertEquals("champion", moved.getAlias());
        assertEquals(archive.id().value(), moved.getBundleId());
        assertEquals(server.base() + "/v1/bundles/" + archive.id(), moved.getLocation());
        assertEquals("operator", moved.getActor());
        assertEquals(Alias.values().length, listener.heard.size());

        server.close();
        listener.heard.clear();
        server = serve(StoreSettings.loopback(0));
        assertEquals(archive.id().value(), listener.heard.getFirst().getBundleId());
        assertEquals(1, listener.heard.getFirst().getRevision());
    }

    @Test
    void refusesWhatIsNoBundle() throws IOException {
        byte[] archive = SampleBundles.archive("chat", 1).bytes();
        assertEquals(
                new PublishOutcome.Refused("pool-mismatch", "bundle is for pool chat, not code"),
                client.publish("code", archive, "trainer"));
        archive[archive.length / 2] ^= 1;
        assertInstanceOf(PublishOutcome.Refused.class, client.publish("chat", archive, "trainer"));
        assertEquals(List.of(), client.pools());
    }

    @Test
    void withATokenOnlyOperatorsWrite() throws IOException {
        server.close();
        server = serve(StoreSettings.loopback(0, new StoreAccess.Tokens(TOKEN, Optional.empty())));
        BundleArchive archive = SampleBundles.archive("chat", 1);
        try (StoreClient nobody = new StoreClient(server.base(), Optional.empty(), TIMEOUT);
                StoreClient stranger = new StoreClient(server.base(), Optional.of(TOKEN + "x"), TIMEOUT);
                StoreClient operator = new StoreClient(server.base(), Optional.of(TOKEN), TIMEOUT)) {
            IOException refused =
                    assertThrows(IOException.class, () -> nobody.publish("chat", archive.bytes(), "nobody"));
            assertTrue(
                    String.valueOf(refused.getMessage()).endsWith("answered 401: a bearer token is required to write"));
            assertInstanceOf(PublishOutcome.Published.class, operator.publish("chat", archive.bytes(), "trainer"));
            IOException forbidden = assertThrows(IOException.class, () -> promote(stranger, archive.id(), 0));
            assertTrue(String.valueOf(forbidden.getMessage()).contains("answered 403"));
            assertEquals(Map.of(), nobody.pool("chat").aliases());
            assertInstanceOf(ChangeOutcome.Changed.class, promote(operator, archive.id(), 0));
        }
    }

    @Test
    void answersBadRequestsWithWhatIsWrong() throws Exception {
        assertEquals("400 field expected_revision is missing", post("rollback", "{\"actor\":\"me\"}", ""));
        assertEquals(
                "400 unknown alias 'king'",
                post("aliases/king", "{\"bundle\":\"" + "sha256-" + "0".repeat(64) + "\"}", ""));
        assertTrue(post("aliases/champion", "{\"bundle\":\"x\"}", "").startsWith("400 "));
        assertTrue(post("aliases/champion", "not json", "").startsWith("400 "));
        assertEquals("403 without --token-file web pages may not write", post("rollback", "{}", "http://evil.example"));
    }

    @Test
    void clientSaysThatTheStoreIsAway() {
        server.close();
        IOException away = assertThrows(IOException.class, () -> client.pool("chat"));
        assertTrue(String.valueOf(away.getMessage()).startsWith("store http://127.0.0.1"));
    }

    private StoreServer serve(StoreSettings settings) throws IOException {
        return StoreServer.start(settings, registry, listener, () -> Instant.ofEpochMilli(9));
    }

    private static ChangeOutcome promote(StoreClient by, BundleId bundle, long expected) throws IOException {
        return by.change(new MoveRequest(
                "chat", Alias.CHAMPION, bundle, expected, "operator", "better", Map.of("ttft", "0.04")));
    }

    private String post(String path, String body, String origin) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.base() + "/v1/pools/chat/" + path))
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!origin.isEmpty()) {
            request.header("origin", origin);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            String message = dev.presage.store.bundle.StoreJson.read(response.body(), Replies.Problem.class)
                    .message();
            return response.statusCode() + " " + message;
        }
    }
}
