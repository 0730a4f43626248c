package dev.presage.store.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.TrustPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryRegistryTest {
    @TempDir
    Path root;

    private DirectoryRegistry registry;

    @BeforeEach
    void open() throws IOException {
        registry = open(2);
    }

    @AfterEach
    void close() throws IOException {
        registry.close();
    }

    @Test
    void keepsWhatIsPublishedAcrossARestart() throws IOException {
        BundleArchive archive = publish(1);
        promote(archive.id(), 0);
        PoolState before = registry.pool("chat");
        registry.close();
        registry = open(2);
        assertEquals(before, registry.pool("chat"));
        assertEquals(List.of("chat"), registry.pools());
        assertArrayEquals(archive.bytes(), registry.archive(archive.id()).orElseThrow());
    }

    @Test
    void publishingTwiceChangesNothing() throws IOException {
        BundleArchive archive = publish(1);
        assertEquals(
                new PublishOutcome.Published(archive.id(), false),
                registry.publish("chat", archive.bytes(), "trainer"));
        assertEquals(1, registry.pool("chat").versions().size());
    }

    @Test
    void refusesBadBytesAndOtherPools() throws IOException {
        BundleArchive archive = SampleBundles.archive("chat", 1);
        assertEquals(
                new PublishOutcome.Refused("pool-mismatch", "bundle is for pool chat, not code"),
                registry.publish("code", archive.bytes(), "trainer"));
        PublishOutcome.Refused refused =
                assertInstanceOf(PublishOutcome.Refused.class, registry.publish("chat", new byte[] {1, 2}, "trainer"));
        assertEquals("entry-refused", refused.code());
        assertEquals(List.of(), registry.pools());
        assertThrows(IllegalArgumentException.class, () -> registry.publish("../x", archive.bytes(), "trainer"));
    }

    @Test
    void promotionMakesTheOldChampionPreviousAndRollbackReturnsToIt() throws IOException {
        BundleId first = publish(1).id();
        BundleId second = publish(2).id();
        promote(first, 0);
        PoolState promoted = promote(second, 1).state();
        assertEquals(Map.of(Alias.CHAMPION, second, Alias.PREVIOUS, first), promoted.aliases());
        assertEquals(
                LifecycleState.RETIRED, promoted.version(first).orElseThrow().state());

        ChangeOutcome back = rollback(2);
        assertInstanceOf(ChangeOutcome.Changed.class, back);
        assertEquals(Map.of(Alias.CHAMPION, first), back.state().aliases());
        assertEquals(3, back.state().revision());
        assertEquals(
                LifecycleState.CHAMPION,
                back.state().version(first).orElseThrow().state());
        assertEquals("pool chat has no previous champion", ((ChangeOutcome.Refused) rollback(3)).problem());
    }

    @Test
    void refusesIllegalMoves() throws IOException {
        BundleId first = publish(1).id();
        promote(first, 0);
        assertInstanceOf(ChangeOutcome.Unchanged.class, promote(first, 1));
        assertEquals(
                "bundle " + first + " is CHAMPION and cannot become SHADOW",
                ((ChangeOutcome.Refused) move(Alias.CHALLENGER, first, 1)).problem());
        assertInstanceOf(ChangeOutcome.Refused.class, move(Alias.PREVIOUS, first, 1));
        BundleId unknown = SampleBundles.archive("chat", 9).id();
        assertEquals("pool chat has no bundle " + unknown, ((ChangeOutcome.Refused) promote(unknown, 1)).problem());
    }

    @Test
    void ofTwoPromotersOneIsToldThatItLost() throws Exception {
        BundleId first = publish(1).id();
        BundleId second = publish(2).id();
        CyclicBarrier start = new CyclicBarrier(2);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<ChangeOutcome>> promoters = List.of(
                    () -> {
                        start.await();
                        return promote(first, 0);
                    },
                    () -> {
                        start.await();
                        return promote(second, 0);
                    });
            List<ChangeOutcome> outcomes =
                    threads.invokeAll(promoters).stream().map(Future::resultNow).toList();
            assertEquals(
                    1,
                    outcomes.stream()
                            .filter(ChangeOutcome.Changed.class::isInstance)
                            .count());
            ChangeOutcome.Conflict lost = outcomes.stream()
                    .filter(ChangeOutcome.Conflict.class::isInstance)
                    .map(ChangeOutcome.Conflict.class::cast)
                    .findFirst()
                    .orElseThrow();
            assertEquals("pool chat is at revision 1, not at the expected 0", lost.message());
        }
    }

    @Test
    void dropsTheOldestUnreferencedOnly() throws IOException {
        BundleId champion = publish(0).id();
        promote(champion, 0);
        BundleId oldest = publish(1).id();
        publish(2);
        publish(3);
        PoolState state = registry.pool("chat");
        assertEquals(3, state.versions().size());
        assertTrue(state.version(champion).isPresent());
        assertTrue(state.version(oldest).isEmpty());
        assertTrue(registry.archive(oldest).isEmpty());
        assertTrue(registry.archive(champion).isPresent());
    }

    @Test
    void oneProcessAtATime() {
        IOException inUse = assertThrows(IOException.class, () -> open(2));
        assertEquals("store directory " + root + " is in use by another process", inUse.getMessage());
    }

    @Test
    void damagedStateIsAnErrorNotAnEmptyStore() throws IOException {
        publish(1);
        registry.close();
        Files.writeString(root.resolve("pools/chat/state.json"), "{");
        IOException damaged = assertThrows(IOException.class, () -> open(2));
        assertTrue(String.valueOf(damaged.getMessage()).contains("state.json is damaged"));
    }

    private DirectoryRegistry open(int keep) throws IOException {
        return DirectoryRegistry.open(
                root, new BundleReader(TrustPolicy.anyone()), keep, () -> Instant.ofEpochMilli(7));
    }

    private BundleArchive publish(int number) throws IOException {
        BundleArchive archive = SampleBundles.archive("chat", number);
        assertEquals(
                new PublishOutcome.Published(archive.id(), true), registry.publish("chat", archive.bytes(), "trainer"));
        return archive;
    }

    private ChangeOutcome promote(BundleId bundle, long expected) throws IOException {
        return move(Alias.CHAMPION, bundle, expected);
    }

    private ChangeOutcome move(Alias alias, BundleId bundle, long expected) throws IOException {
        return registry.change(new MoveRequest("chat", alias, bundle, expected, "operator", "test", Map.of()));
    }

    private ChangeOutcome rollback(long expected) throws IOException {
        return registry.change(new RollbackRequest("chat", expected, "operator", "test", Map.of()));
    }
}
