package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.console.Console;
import dev.presage.store.console.RecentRequests;
import dev.presage.store.console.Routers;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.LargeStore;
import dev.presage.store.registry.MoveRequest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pool of 10,000 versions costs, over HTTP on this machine; prints the figures. */
class StoreSizeIT {
    private static final int VERSIONS = 10_000;
    private static final long PAGE_MICROS = 200_000;
    private static final BundleReader READER = new BundleReader(TrustPolicy.anyone());
    private static final StoreSettings SETTINGS = StoreSettings.loopback(0);

    @TempDir
    Path root;

    @Test
    void tenThousandVersions() throws Exception {
        LargeStore.create(root, "chat", VERSIONS);
        try (DirectoryRegistry registry =
                        DirectoryRegistry.open(root, READER, VERSIONS, () -> Instant.ofEpochMilli(7));
                RecentRequests requests = RecentRequests.none();
                Routers routers = new Routers(List.of(), Optional.empty());
                HttpClient browser = HttpClient.newHttpClient();
                StoreServer server = StoreServer.start(
                        SETTINGS,
                        registry,
                        AliasListener.NONE,
                        () -> Instant.ofEpochMilli(9),
                        Console.pages(
                                registry,
                                READER,
                                requests,
                                routers,
                                SETTINGS.access(),
                                () -> Instant.ofEpochMilli(9)));
                StoreClient client = new StoreClient(server.base(), Optional.empty(), Duration.ofSeconds(30))) {
            long[] revision = new long[1];
            print(
                    "newest 50",
                    () -> assertEquals(50, client.pool("chat", 50).versions().size()));
            print(
                    "all",
                    () -> assertEquals(VERSIONS, client.pool("chat").versions().size()));
            print(
                    "audit, newest 50",
                    () -> assertEquals(50, client.audit("chat", 50).size()));
            for (String page : List.of(
                    "/console",
                    "/console/pools/chat/models",
                    "/console/pools/chat/models?page=200",
                    "/console/pools/chat/models/sha256-%064x".formatted(5_000),
                    "/console/pools/chat/compare",
                    "/console/pools/chat/audit",
                    "/console/pools/chat/audit?page=200",
                    "/console/decisions")) {
                HttpRequest request =
                        HttpRequest.newBuilder(server.base().resolve(page)).build();
                long median = print(
                        page,
                        () -> assertEquals(
                                200,
                                browser.send(request, HttpResponse.BodyHandlers.ofString())
                                        .statusCode()));
                assertTrue(median < PAGE_MICROS, () -> page + " took " + median + " us");
            }
            print("promote", () -> {
                BundleId bundle = BundleId.parse("sha256-%064x".formatted(revision[0] + 1));
                assertInstanceOf(
                        ChangeOutcome.Changed.class,
                        client.change(new MoveRequest(
                                "chat", Alias.CHAMPION, bundle, revision[0]++, "operator", "test", Map.of())));
            });
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static long print(String what, Work work) throws Exception {
        long[] micros = new long[20];
        for (int i = 0; i < micros.length; i++) {
            long start = System.nanoTime();
            work.run();
            micros[i] = (System.nanoTime() - start) / 1000;
        }
        long first = micros[0];
        Arrays.sort(micros);
        System.out.printf(
                "%d versions, %s: first %.1f ms, median %.1f ms, worst of %d %.1f ms%n",
                VERSIONS, what, first / 1e3, micros[micros.length / 2] / 1e3, micros.length, micros[19] / 1e3);
        return micros[micros.length / 2];
    }
}
