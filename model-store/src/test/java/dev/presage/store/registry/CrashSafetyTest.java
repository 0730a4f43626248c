package dev.presage.store.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.bundle.VerifiedBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the "process" at every change of what is stored, in a scenario with every kind of change, and looks at what a new one finds. */
class CrashSafetyTest {
    private static final BundleReader READER = new BundleReader(TrustPolicy.anyone());
    private static final InstantSource CLOCK = () -> Instant.ofEpochMilli(5);
    private static final List<BundleArchive> ARCHIVES = IntStream.range(0, 4)
            .mapToObj(i -> SampleBundles.archive("chat", i))
            .toList();

    @TempDir
    Path root;

    /** Where one store is, over the lives of its processes. */
    private interface Place {
        StoredRegistry open(Stopper stopper) throws IOException;

        /** Bundles stored, whether named or not. */
        int bundles() throws IOException;

        /** Nothing is left of interrupted writes. */
        default void checkTidy(String where) throws IOException {}
    }

    private record InDirectory(Path directory) implements Place {
        @Override
        public StoredRegistry open(Stopper stopper) throws IOException {
            return DirectoryRegistry.open(directory, READER, 1, CLOCK, new StoppingFiles(stopper));
        }

        @Override
        public int bundles() throws IOException {
            return files("bundles");
        }

        @Override
        public void checkTidy(String where) throws IOException {
            assertEquals(0, files("tmp"), where);
        }

        private int files(String name) throws IOException {
            try (Stream<Path> paths = Files.list(directory.resolve(name))) {
                return (int) paths.count();
            }
        }
    }

    private record InBucket(MemoryBucket bucket) implements Place {
        @Override
        public StoredRegistry open(Stopper stopper) throws IOException {
            return BucketRegistry.open(new StoppingBucket(bucket, stopper), READER, 1, CLOCK);
        }

        @Override
        public int bundles() {
            return bucket.list("bundles/").size();
        }
    }

    @Test
    void everyStopLeavesAWholeDirectoryThatGoesOn() throws IOException {
        assertTrue(stopEverywhere(name -> new InDirectory(root.resolve(name))) > 30);
    }

    @Test
    void everyStopLeavesAWholeBucketThatGoesOn() throws IOException {
        assertTrue(stopEverywhere(name -> new InBucket(new MemoryBucket(CLOCK))) > 15);
    }

    /** Gives the number of places to stop at. */
    private static int stopEverywhere(Function<String, Place> places) throws IOException {
        Stopper counting = Stopper.never();
        scenario(places.apply("count"), counting);
        for (int stop = 0; stop < counting.operations(); stop++) {
            for (Stopper.Moment moment : Stopper.Moment.values()) {
                killAndReopen(places.apply(stop + "-" + moment), stop, moment);
            }
        }
        return counting.operations();
    }

    private static void killAndReopen(Place place, int stop, Stopper.Moment moment) throws IOException {
        String where = place + " stopped at operation " + stop + " " + moment;
        try {
            scenario(place, new Stopper(stop, moment));
            throw new AssertionError(where + ": was not stopped");
        } catch (Stopper.Killed e) {
            checkWhole(place, where);
        }
        // Whoever got no answer asks again.
        scenario(place, Stopper.never());
        PoolState end = checkWhole(place, where);
        assertEquals(ARCHIVES.get(3).id(), end.aliases().get(Alias.CHAMPION), where);
        assertTrue(end.versions().size() <= 4, where);
    }

    /** Publishes four with one kept, promotes the first, then the last, reported on; safe to repeat. */
    private static void scenario(Place place, Stopper stopper) throws IOException {
        try (StoredRegistry registry = place.open(stopper)) {
            publish(registry, 0);
            promote(registry, 0);
            publish(registry, 1);
            publish(registry, 2);
            publish(registry, 3);
            registry.change(new AttachRequest(
                    "chat",
                    ARCHIVES.get(3).id(),
                    EvidenceKind.SHADOW,
                    new EvidenceReport("{\"n\":1}"),
                    "trainer",
                    "report"));
            promote(registry, 3);
        }
    }

    private static void publish(StoredRegistry registry, int number) throws IOException {
        assertInstanceOf(
                PublishOutcome.Published.class,
                registry.publish("chat", ARCHIVES.get(number).bytes(), "trainer"));
    }

    private static void promote(StoredRegistry registry, int number) throws IOException {
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

    private static PoolState checkWhole(Place place, String where) throws IOException {
        try (StoredRegistry registry = place.open(Stopper.never())) {
            PoolState state = registry.pool("chat");
            for (VersionEntry version : state.versions()) {
                byte[] archive = registry.archive(version.bundle()).orElseThrow(() -> new AssertionError(where));
                assertInstanceOf(VerifiedBundle.class, READER.verify(archive, version.bundle()), where);
                for (EvidenceKind kind : version.evidence().keySet()) {
                    assertTrue(registry.evidence("chat", version.bundle(), kind).isPresent(), where);
                }
            }
            state.aliases()
                    .values()
                    .forEach(bundle -> assertTrue(state.version(bundle).isPresent(), where));
            assertEquals(state.versions().size(), place.bundles(), where);
            place.checkTidy(where);
            checkAudit(registry.audit("chat", Integer.MAX_VALUE).reversed(), state, where);
            return state;
        }
    }

    private static void checkAudit(List<AuditEntry> entries, PoolState state, String where) {
        if (entries.isEmpty()) {
            assertEquals(List.of(), state.versions(), where);
            return;
        }
        List<Long> sequences = entries.stream().map(AuditEntry::sequence).toList();
        assertEquals(LongStream.rangeClosed(1, entries.size()).boxed().toList(), sequences, where);
        assertEquals(state.revision(), entries.getLast().revision(), where);
    }
}
