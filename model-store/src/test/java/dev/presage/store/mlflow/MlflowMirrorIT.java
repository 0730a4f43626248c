package dev.presage.store.mlflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.presage.store.PythonTool;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolChange;
import dev.presage.store.registry.RollbackRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real MLflow server has what the store has, also what happened while it was away. */
class MlflowMirrorIT {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final String MODEL = "presage-chat";

    @TempDir
    Path root;

    @Test
    void itHasVersionsWithTagsAndAliases() throws Exception {
        int port = PythonTool.freePort();
        PythonTool.find("mlflow");
        BundleArchive one = SampleBundles.archive("chat", 1);
        BundleArchive two = SampleBundles.archive("chat", 2);
        BundleArchive three = SampleBundles.archive("chat", 3);
        URI base = URI.create("http://127.0.0.1:" + port);
        try (DirectoryRegistry registry = DirectoryRegistry.open(
                        root.resolve("store"),
                        new BundleReader(TrustPolicy.anyone()),
                        1,
                        () -> Instant.ofEpochMilli(7));
                MlflowMirror mirror = MlflowMirror.start(
                        base, Optional.empty(), registry, URI.create("https://store:7070"), Duration.ofMillis(200))) {
            // Nobody waits for MLflow, which is not there yet.
            registry.publish("chat", one.bytes(), "trainer");
            changed(registry, move(one, 0));
            registry.publish("chat", two.bytes(), "trainer");
            changed(registry, move(two, 1));
            try (PythonTool.Server mlflow = serve(port);
                    MlflowClient client = new MlflowClient(mlflow.base(), Optional.empty())) {
                await(
                        client,
                        Map.of(
                                "champion",
                                two.id().value(),
                                "previous",
                                one.id().value()));
                Map<String, String> tags = tags(client, two);
                assertEquals("champion", tags.get("presage.state"));
                assertEquals(
                        VersionTags.of(
                                registry.pool("chat").version(two.id()).orElseThrow(),
                                URI.create("https://store:7070/v1/bundles/" + two.id())),
                        tags);
                changed(registry, new RollbackRequest("chat", 2, "operator", "worse", Map.of()));
                await(client, Map.of("champion", one.id().value()));
                assertEquals("retired", tags(client, two).get("presage.state"));
                registry.publish("chat", three.bytes(), "trainer");
                changed(registry, move(three, 3));
                await(
                        client,
                        Map.of(
                                "champion",
                                three.id().value(),
                                "previous",
                                one.id().value()));
                assertEquals("deleted", tags(client, two).get("presage.state"));
                assertEquals(3, client.versions(MODEL).size());
            }
        }
    }

    private PythonTool.Server serve(int port) throws Exception {
        return PythonTool.serve(
                "mlflow",
                List.of(
                        "server",
                        "--backend-store-uri=sqlite:///" + root.resolve("mlflow.db"),
                        "--default-artifact-root=" + root.resolve("artifacts"),
                        "--host=127.0.0.1",
                        "--port=" + port,
                        "--workers=1"),
                Map.of("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false"),
                port,
                root.resolve("mlflow.log"));
    }

    /** Waits until MLflow's aliases point at these bundles and no others do. */
    private static void await(MlflowClient client, Map<String, String> bundles) throws Exception {
        long start = System.nanoTime();
        Map<String, String> seen = seen(client);
        while (!seen.equals(bundles)) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                assertEquals(bundles, seen);
            }
            LockSupport.parkNanos(50_000_000);
            seen = seen(client);
        }
    }

    private static Map<String, String> seen(MlflowClient client) throws Exception {
        List<MlflowClient.Version> versions = client.versions(MODEL);
        Map<String, String> aliases = new HashMap<>();
        client.aliases(MODEL, "").forEach((alias, number) -> versions.stream()
                .filter(version -> version.number().equals(number))
                .forEach(version -> aliases.put(alias, version.tags().get(VersionTags.BUNDLE))));
        return aliases;
    }

    private static Map<String, String> tags(MlflowClient client, BundleArchive bundle) throws Exception {
        return client.versions(MODEL).stream()
                .map(MlflowClient.Version::tags)
                .filter(tags -> bundle.id().value().equals(tags.get(VersionTags.BUNDLE)))
                .findFirst()
                .orElseThrow();
    }

    private static void changed(DirectoryRegistry registry, PoolChange change) throws IOException {
        assertInstanceOf(ChangeOutcome.Changed.class, registry.change(change));
    }

    private static MoveRequest move(BundleArchive bundle, long expected) {
        return new MoveRequest("chat", Alias.CHAMPION, bundle.id(), expected, "operator", "better", Map.of());
    }
}
