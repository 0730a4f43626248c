package dev.presage.store.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.StoreJson;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.bundle.VerifiedBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the "process" at every file operation of a scenario with every operation kind, and looks at what a new one finds. */
class CrashSafetyTest {
    private static final BundleReader READER = new BundleReader(TrustPolicy.anyone());
    private static final List<BundleArchive> ARCHIVES = IntStream.range(0, 4)
            .mapToObj(i -> SampleBundles.archive("chat", i))
            .toList();

    @TempDir
    Path root;

    @Test
    void everyStopLeavesAWholeStoreThatGoesOn() throws IOException {
        StoppingFiles counting = new StoppingFiles(-1, StoppingFiles.Moment.BEFORE);
        scenario(root.resolve("count"), counting);
        assertTrue(counting.operations() > 30, "operations " + counting.operations());
        for (int stop = 0; stop < counting.operations(); stop++) {
            for (StoppingFiles.Moment moment : StoppingFiles.Moment.values()) {
                killAndReopen(root.resolve(stop + "-" + moment), stop, moment);
            }
        }
    }

    private static void killAndReopen(Path directory, int stop, StoppingFiles.Moment moment) throws IOException {
        String where = "stopped at operation " + stop + " " + moment;
        try {
            scenario(directory, new StoppingFiles(stop, moment));
            throw new AssertionError(where + ": was not stopped");
        } catch (StoppingFiles.Killed e) {
            checkWhole(directory, where);
        }
        // Whoever got no answer asks again.
        scenario(directory, new DurableFiles());
        PoolState end = checkWhole(directory, where);
        assertEquals(ARCHIVES.get(3).id(), end.aliases().get(Alias.CHAMPION), where);
        assertTrue(end.versions().size() <= 4, where);
    }

    /** Publishes four with one kept, promotes the first, then the last; safe to repeat. */
    private static void scenario(Path directory, FileOperations files) throws IOException {
        try (DirectoryRegistry registry = open(directory, files)) {
            publish(registry, 0);
            promote(registry, 0);
            publish(registry, 1);
            publish(registry, 2);
            publish(registry, 3);
            promote(registry, 3);
        }
    }

    private static void publish(DirectoryRegistry registry, int number) throws IOException {
        assertInstanceOf(
                PublishOutcome.Published.class,
                registry.publish("chat", ARCHIVES.get(number).bytes(), "trainer"));
    }

    private static void promote(DirectoryRegistry registry, int number) throws IOException {
        PoolState state = registry.pool("chat");
        registry.change(new MoveRequest(
                "chat",
                Alias.CHAMPION,
                ARCHIVES.get(number).id(),
                state.revision(),
                "trainer",
                "better",
                Map.of("ttft", "0.04")));
    }

    private static PoolState checkWhole(Path directory, String where) throws IOException {
        try (DirectoryRegistry registry = open(directory, new DurableFiles())) {
            PoolState state = registry.pool("chat");
            for (VersionEntry version : state.versions()) {
                byte[] archive = registry.archive(version.bundle()).orElseThrow(() -> new AssertionError(where));
                assertInstanceOf(VerifiedBundle.class, READER.verify(archive, version.bundle()), where);
            }
            state.aliases()
                    .values()
                    .forEach(bundle -> assertTrue(state.version(bundle).isPresent(), where));
            assertEquals(List.of(), list(directory.resolve("tmp")), where);
            assertEquals(
                    state.versions().size(), list(directory.resolve("bundles")).size(), where);
            checkAudit(directory.resolve("pools/chat/audit.jsonl"), state, where);
            return state;
        }
    }

    private static void checkAudit(Path file, PoolState state, String where) throws IOException {
        if (!Files.exists(file)) {
            assertEquals(List.of(), state.versions(), where);
            return;
        }
        List<AuditEntry> entries = Files.readAllLines(file).stream()
                .map(line -> StoreJson.read(line.getBytes(StandardCharsets.UTF_8), AuditEntry.class))
                .toList();
        List<Long> sequences = entries.stream().map(AuditEntry::sequence).toList();
        assertEquals(LongStream.rangeClosed(1, entries.size()).boxed().toList(), sequences, where);
        assertEquals(state.revision(), entries.getLast().revision(), where);
    }

    private static DirectoryRegistry open(Path directory, FileOperations files) throws IOException {
        return DirectoryRegistry.open(directory, READER, 1, () -> Instant.ofEpochMilli(5), files);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.toList();
        }
    }
}
