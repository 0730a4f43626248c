package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.StoreJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A store directory with many versions, as publishing them one by one would leave it, but with empty archives. */
public final class LargeStore {
    private LargeStore() {}

    public static void create(Path root, String pool, int versions) throws IOException {
        Files.createDirectories(root.resolve("bundles"));
        Path directory = Files.createDirectories(root.resolve("pools").resolve(pool));
        List<VersionEntry> entries = new ArrayList<>();
        PoolRecord record = new PoolRecord(PoolState.empty(pool), null);
        try (OutputStream audit = Files.newOutputStream(directory.resolve("audit.jsonl"))) {
            for (int i = 0; i < versions; i++) {
                BundleId bundle = BundleId.parse("sha256-%064x".formatted(i + 1));
                Files.createFile(root.resolve("bundles").resolve(bundle + ".zip"));
                entries.add(new VersionEntry(
                        bundle,
                        LifecycleState.CANDIDATE,
                        null,
                        i,
                        "trainer",
                        20_000,
                        500,
                        SampleBundles.card(pool, i).metrics().overall(),
                        List.of(),
                        "",
                        Map.of()));
                record = AuditTrail.publish(record, record.state(), bundle, "trainer", i);
                audit.write(StoreJson.write(Objects.requireNonNull(record.last())));
                audit.write('\n');
            }
        }
        PoolState state = new PoolState(pool, 0, Map.of(), null, entries);
        Files.write(directory.resolve("state.json"), StoreJson.write(new PoolRecord(state, record.last())));
    }
}
