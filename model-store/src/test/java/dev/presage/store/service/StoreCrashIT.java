package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.AuditEntry;
import dev.presage.store.registry.BucketRegistry;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.StoredRegistry;
import dev.presage.store.registry.VersionEntry;
import dev.presage.store.s3.MotoServer;
import dev.presage.store.s3.S3Bucket;
import dev.presage.store.s3.S3Place;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill -9 of a real store process while it promotes, at random points; {@code -Dpresage.crash.kills=200} for more of them (a fifth of them on S3).
 * Afterwards the store holds what was answered, or that and the one move under way, and its audit log says the same.
 */
class StoreCrashIT {
    private static final int KILLS = Integer.getInteger("presage.crash.kills", 20);
    private static final InstantSource CLOCK = () -> Instant.ofEpochMilli(5);
    private static final BundleReader READER = new BundleReader(TrustPolicy.anyone());

    @TempDir
    Path root;

    private final BundleArchive one = SampleBundles.archive("chat", 1);
    private final BundleArchive two = SampleBundles.archive("chat", 2);

    /** Where the store of all these processes is. */
    private interface Place {
        StoredRegistry open() throws IOException;

        List<String> arguments();
    }

    @Test
    void killedWhilePromotingADirectoryHoldsTheOldOrTheNewState() throws Exception {
        killAndLook(
                new Place() {
                    @Override
                    public StoredRegistry open() throws IOException {
                        return DirectoryRegistry.open(root, READER, 50, CLOCK);
                    }

                    @Override
                    public List<String> arguments() {
                        return List.of();
                    }
                },
                KILLS);
    }

    @Test
    void killedWhilePromotingInABucketItHoldsTheOldOrTheNewState() throws Exception {
        try (MotoServer moto = MotoServer.start(root)) {
            S3Place bucket = S3Place.of(MotoServer.BUCKET + "/crash", Optional.of(moto.endpoint()), Optional.empty());
            killAndLook(
                    new Place() {
                        @Override
                        public StoredRegistry open() throws IOException {
                            return BucketRegistry.open(S3Bucket.at(bucket), READER, 50, CLOCK);
                        }

                        @Override
                        public List<String> arguments() {
                            return List.of("--s3=" + MotoServer.BUCKET + "/crash", "--s3-endpoint=" + moto.endpoint());
                        }
                    },
                    Math.max(1, KILLS / 5));
        }
    }

    private void killAndLook(Place place, int kills) throws Exception {
        long seed = Long.getLong("presage.crash.seed", System.nanoTime());
        Random random = new Random(seed);
        String where;
        try (StoredRegistry registry = place.open()) {
            where = registry.toString();
            registry.publish("chat", one.bytes(), "trainer");
            registry.publish("chat", two.bytes(), "trainer");
        }
        long promotions = 0;
        int completed = 0;
        for (int kill = 0; kill < kills; kill++) {
            long answered = promoteUntilKilled(place, random, promotions);
            String moment = where + ", seed " + seed + ", kill " + kill + ", answered " + answered;
            try (StoredRegistry registry = place.open()) {
                promotions = check(registry, answered, moment);
            }
            completed += promotions > answered ? 1 : 0;
        }
        System.out.printf(
                "%s: killed %d times in %d promotions (seed %d): %d moves under way were made, %d were not; each audit log whole%n",
                where, kills, promotions, seed, completed, kills - completed);
    }

    /** Promotes the two in turn from another thread and kills the process after a random while; gives the last revision answered. */
    private long promoteUntilKilled(Place place, Random random, long from) throws Exception {
        AtomicLong answered = new AtomicLong(from);
        List<String> arguments = new ArrayList<>(place.arguments());
        arguments.add("--bootstrap-servers=127.0.0.1:1");
        try (StoreProcess store = StoreProcess.start(root, arguments.toArray(String[]::new))) {
            Thread promoter = Thread.ofVirtual().name("test-promoter").start(() -> {
                while (promoted(store, answered.get())) {
                    answered.incrementAndGet();
                }
            });
            awaitAnswered(answered, from + 1, promoter);
            long start = System.nanoTime();
            awaitAnswered(answered, from + 2, promoter);
            // What is left to chance is where in a promotion the process is.
            LockSupport.parkNanos(random.nextLong(2 * (System.nanoTime() - start)));
            store.process().destroyForcibly().waitFor();
            promoter.join();
        }
        return answered.get();
    }

    private static void awaitAnswered(AtomicLong answered, long count, Thread promoter) {
        while (answered.get() < count && promoter.isAlive()) {
            LockSupport.parkNanos(100_000);
        }
    }

    private boolean promoted(StoreProcess store, long revision) {
        try {
            ChangeOutcome outcome = store.client()
                    .change(new MoveRequest(
                            "chat", Alias.CHAMPION, at(revision + 1), revision, "promoter", "next", Map.of()));
            return outcome instanceof ChangeOutcome.Changed;
        } catch (IOException e) {
            return false;
        }
    }

    /** The champion at a revision: odd ones are the first bundle's. */
    private BundleId at(long revision) {
        return revision % 2 == 1 ? one.id() : two.id();
    }

    private long check(StoredRegistry registry, long answered, String where) throws IOException {
        PoolState state = registry.pool("chat");
        long revision = state.revision();
        assertTrue(revision == answered || revision == answered + 1, where + ", is at " + revision);
        assertTrue(answered > 0, where);
        assertEquals(at(revision), state.aliases().get(Alias.CHAMPION), where);
        for (VersionEntry version : state.versions()) {
            byte[] archive = registry.archive(version.bundle()).orElseThrow();
            assertInstanceOf(VerifiedBundle.class, READER.verify(archive, version.bundle()), where);
        }
        List<AuditEntry> entries = registry.audit("chat", Integer.MAX_VALUE).reversed();
        assertEquals(
                LongStream.rangeClosed(1, entries.size()).boxed().toList(),
                entries.stream().map(AuditEntry::sequence).toList(),
                where);
        List<AuditEntry> moves = entries.stream()
                .filter(entry -> entry.action() == AuditEntry.Action.MOVE)
                .toList();
        assertEquals(
                LongStream.rangeClosed(1, revision).boxed().toList(),
                moves.stream().map(AuditEntry::revision).toList(),
                where);
        moves.forEach(move -> assertEquals(at(move.revision()), move.bundle(), where));
        return revision;
    }
}
