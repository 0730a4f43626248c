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
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.VersionEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill -9 of a real store process while it promotes, at random points; {@code -Dpresage.crash.kills=200} for more of them. Afterwards the store
 * holds what was answered, or that and the one move under way, and its audit log says the same.
 */
class StoreCrashIT {
    private static final int KILLS = Integer.getInteger("presage.crash.kills", 20);
    private static final BundleReader READER = new BundleReader(TrustPolicy.anyone());

    @TempDir
    Path root;

    private final BundleArchive one = SampleBundles.archive("chat", 1);
    private final BundleArchive two = SampleBundles.archive("chat", 2);

    @Test
    void killedWhilePromotingItHoldsTheOldOrTheNewState() throws Exception {
        long seed = Long.getLong("presage.crash.seed", System.nanoTime());
        Random random = new Random(seed);
        try (DirectoryRegistry registry = open()) {
            registry.publish("chat", one.bytes(), "trainer");
            registry.publish("chat", two.bytes(), "trainer");
        }
        long promotions = 0;
        int completed = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long answered = promoteUntilKilled(random, promotions);
            String where = "seed " + seed + ", kill " + kill + ", answered " + answered;
            try (DirectoryRegistry registry = open()) {
                promotions = check(registry, answered, where);
            }
            completed += promotions > answered ? 1 : 0;
        }
        System.out.printf(
                "killed %d times in %d promotions (seed %d): %d moves under way were made, %d were not; each audit log whole%n",
                KILLS, promotions, seed, completed, KILLS - completed);
    }

    /** Promotes the two in turn from another thread and kills the process after a random while; gives the last revision answered. */
    private long promoteUntilKilled(Random random, long from) throws Exception {
        AtomicLong answered = new AtomicLong(from);
        try (StoreProcess store = StoreProcess.start(root, "--bootstrap-servers=127.0.0.1:1")) {
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

    private long check(DirectoryRegistry registry, long answered, String where) throws IOException {
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

    private DirectoryRegistry open() throws IOException {
        return DirectoryRegistry.open(root, READER, 50, () -> Instant.ofEpochMilli(5));
    }
}
