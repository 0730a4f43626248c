package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.LargeStore;
import dev.presage.store.registry.MoveRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pool of 10,000 versions costs, over HTTP on this machine; prints the figures. */
class StoreSizeIT {
    private static final int VERSIONS = 10_000;

    @TempDir
    Path root;

    @Test
    void tenThousandVersions() throws Exception {
        LargeStore.create(root, "chat", VERSIONS);
        try (DirectoryRegistry registry = DirectoryRegistry.open(
                        root, new BundleReader(TrustPolicy.anyone()), VERSIONS, () -> Instant.ofEpochMilli(7));
                StoreServer server = StoreServer.start(
                        StoreSettings.loopback(0), registry, AliasListener.NONE, () -> Instant.ofEpochMilli(9));
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

    private static void print(String what, Work work) throws Exception {
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
    }
}
