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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every registry does, wherever it keeps its things, and what its audit log then says. */
public abstract class RegistryContract {
    protected static final BundleReader READER = new BundleReader(TrustPolicy.anyone());

    /** What the registry's clock says; in whole milliseconds. */
    protected Instant now = Instant.ofEpochMilli(7);

    protected StoredRegistry registry;

    /** Opens the test's own registry, again when it was closed, with the clock {@link #now}. */
    protected abstract StoredRegistry open(int keep) throws IOException;

    /** How many reports are stored. */
    protected abstract int reports() throws IOException;

    @BeforeEach
    void start() throws IOException {
        registry = open(2);
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    @Test
    void keepsWhatIsPublishedAcrossARestart() throws IOException {
        BundleArchive archive = SampleBundles.archive("chat", 1);
        promote(publish(1), 0);
        PoolState before = registry.pool("chat");
        reopen();
        assertEquals(before, registry.pool("chat"));
        assertEquals(List.of("chat"), registry.pools());
        assertArrayEquals(archive.bytes(), registry.archive(archive.id()).orElseThrow());
    }

    @Test
    void publishingTwiceChangesNothing() throws IOException {
        BundleArchive archive = SampleBundles.archive("chat", 1);
        publish(1);
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
        BundleId first = publish(1);
        BundleId second = publish(2);
        promote(first, 0);
        PoolState promoted = promote(second, 1).state();
        assertEquals(Map.of(Alias.CHAMPION, second, Alias.PREVIOUS, first), promoted.aliases());
        assertEquals(
                LifecycleState.RETIRED, promoted.version(first).orElseThrow().state());

        PoolState back = changed(rollback(2));
        assertEquals(Map.of(Alias.CHAMPION, first), back.aliases());
        assertEquals(3, back.revision());
        assertEquals(LifecycleState.CHAMPION, back.version(first).orElseThrow().state());
        assertEquals("pool chat has no previous champion", refused(rollback(3)));
    }

    @Test
    void refusesIllegalMoves() throws IOException {
        BundleId first = publish(1);
        promote(first, 0);
        assertInstanceOf(ChangeOutcome.Unchanged.class, promote(first, 1));
        assertEquals(
                "bundle " + first + " is CHAMPION and cannot become SHADOW", refused(move(Alias.CHALLENGER, first, 1)));
        refused(move(Alias.PREVIOUS, first, 1));
        BundleId unknown = SampleBundles.archive("chat", 9).id();
        assertEquals("pool chat has no bundle " + unknown, refused(move(Alias.CHAMPION, unknown, 1)));
    }

    @Test
    void ofTwoPromotersOneIsToldThatItLost() throws Exception {
        BundleId first = publish(1);
        BundleId second = publish(2);
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
        BundleId champion = publish(0);
        promote(champion, 0);
        BundleId oldest = publish(1);
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
    void theWayOfAVersionIsShadowCanaryChampion() throws IOException {
        BundleId first = publish(1);
        BundleId second = publish(2);
        changed(move(Alias.CHAMPION, first, 0));
        assertEquals(LifecycleState.SHADOW, state(changed(move(Alias.CHALLENGER, second, 1)), second));
        PoolState canary = changed(move(Alias.CANARY, second, 2));
        assertEquals(Map.of(Alias.CHAMPION, first, Alias.CANARY, second), canary.aliases());
        assertEquals(LifecycleState.CANARY, state(canary, second));
        assertEquals(
                "bundle " + second + " is CANARY and cannot become SHADOW", refused(move(Alias.CHALLENGER, second, 3)));
        assertEquals(LifecycleState.CHAMPION, state(changed(move(Alias.CHAMPION, second, 3)), second));
    }

    @Test
    void aRejectedVersionLosesItsAliasesForGood() throws IOException {
        BundleId first = publish(1);
        changed(move(Alias.CANARY, first, 0));
        PoolState rejected = changed(withdraw(first, LifecycleState.REJECTED, 1));
        assertEquals(Map.of(), rejected.aliases());
        assertEquals(LifecycleState.REJECTED, state(rejected, first));
        assertInstanceOf(ChangeOutcome.Unchanged.class, registry.change(withdraw(first, LifecycleState.REJECTED, 2)));
        assertEquals(
                "bundle " + first + " is REJECTED and cannot become CHAMPION", refused(move(Alias.CHAMPION, first, 2)));
        assertInstanceOf(ChangeOutcome.Conflict.class, registry.change(withdraw(first, LifecycleState.RETIRED, 1)));
        assertThrows(IllegalArgumentException.class, () -> withdraw(first, LifecycleState.SHADOW, 2));
    }

    @Test
    void aFrozenPoolRollsBackAndRejectsButDoesNotPromote() throws IOException {
        BundleId first = publish(1);
        BundleId second = publish(2);
        changed(move(Alias.CHAMPION, first, 0));
        changed(move(Alias.CHAMPION, second, 1));
        changed(new FreezeRequest("chat", true, 2, "ann", "incident 12"));
        assertEquals(
                "pool chat is frozen by ann since " + now + ": incident 12", refused(move(Alias.CHALLENGER, first, 3)));
        reopen();
        assertEquals(
                new Freeze(now.toEpochMilli(), "ann", "incident 12"),
                registry.pool("chat").frozen());
        PoolState back = changed(new RollbackRequest("chat", 3, "ann", "worse", Map.of()));
        assertEquals(Map.of(Alias.CHAMPION, first), back.aliases());
        changed(withdraw(second, LifecycleState.REJECTED, 4));
        changed(new FreezeRequest("chat", false, 5, "ann", "over"));
        assertInstanceOf(
                ChangeOutcome.Unchanged.class, registry.change(new FreezeRequest("chat", false, 6, "ann", "over")));
        assertEquals(
                List.of("UNFREEZE over", "WITHDRAW test", "ROLLBACK worse", "FREEZE incident 12", "MOVE test"),
                registry.audit("chat", 5).stream()
                        .map(entry -> entry.action() + " " + entry.reason())
                        .toList());
    }

    @Test
    void tagsAndNotesNeedNoRevisionAndTheTagKeepIsRespected() throws IOException {
        BundleId kept = publish(1);
        PoolState state = changed(annotate(kept, "good on night traffic", "keep", "night"));
        assertEquals(0, state.revision());
        for (int number = 2; number < 6; number++) {
            publish(number);
        }
        assertEquals(3, registry.pool("chat").versions().size());
        VersionEntry version = registry.pool("chat").version(kept).orElseThrow();
        assertEquals(List.of("keep", "night"), version.tags());
        assertEquals("good on night traffic", version.note());
        changed(annotate(kept, ""));
        publish(6);
        assertTrue(registry.pool("chat").version(kept).isEmpty());
        assertThrows(IllegalArgumentException.class, () -> annotate(kept, "", "Not A Tag"));
    }

    @Test
    void aReportIsAttachedReplacedAndGoneWithItsVersion() throws IOException {
        BundleId first = publish(1);
        changed(attach(first, "{\"n\":1}"));
        changed(attach(first, "{\"n\":2}"));
        assertEquals(
                new EvidenceReport("{\"n\":2}"),
                registry.evidence("chat", first, EvidenceKind.SHADOW).orElseThrow());
        assertTrue(registry.evidence("chat", first, EvidenceKind.LAB).isEmpty());
        later();
        reopen();
        assertEquals(1, reports());
        publish(2);
        publish(3);
        publish(4);
        later();
        reopen();
        assertTrue(registry.pool("chat").version(first).isEmpty());
        assertEquals(0, reports());
        assertThrows(IllegalArgumentException.class, () -> new EvidenceReport("[]"));
        assertThrows(IllegalArgumentException.class, () -> new EvidenceReport("{"));
    }

    @Test
    void newestKeepsWhatAliasesHold() throws IOException {
        BundleId champion = publish(1);
        changed(move(Alias.CHAMPION, champion, 0));
        publish(2);
        BundleId last = publish(3);
        assertEquals(
                List.of(champion, last),
                registry.pool("chat", 1).versions().stream()
                        .map(VersionEntry::bundle)
                        .toList());
        assertEquals(1, registry.pool("chat", 0).versions().size());
    }

    private void reopen() throws IOException {
        registry.close();
        registry = open(2);
    }

    /** Late enough for what nobody names to be deleted. */
    private void later() {
        now = now.plus(Duration.ofHours(2));
    }

    protected BundleId publish(int number) throws IOException {
        return publish(registry, number);
    }

    protected static BundleId publish(StoredRegistry registry, int number) throws IOException {
        byte[] archive = SampleBundles.archive("chat", number).bytes();
        return assertInstanceOf(PublishOutcome.Published.class, registry.publish("chat", archive, "trainer"))
                .bundle();
    }

    private ChangeOutcome promote(BundleId bundle, long expected) throws IOException {
        return registry.change(move(Alias.CHAMPION, bundle, expected));
    }

    private PoolState changed(PoolChange change) throws IOException {
        return assertInstanceOf(ChangeOutcome.Changed.class, registry.change(change))
                .state();
    }

    private String refused(PoolChange change) throws IOException {
        return assertInstanceOf(ChangeOutcome.Refused.class, registry.change(change))
                .problem();
    }

    private static LifecycleState state(PoolState pool, BundleId bundle) {
        return pool.version(bundle).orElseThrow().state();
    }

    protected static MoveRequest move(Alias alias, BundleId bundle, long expected) {
        return new MoveRequest("chat", alias, bundle, expected, "operator", "test", Map.of());
    }

    private static RollbackRequest rollback(long expected) {
        return new RollbackRequest("chat", expected, "operator", "test", Map.of());
    }

    private static WithdrawRequest withdraw(BundleId bundle, LifecycleState to, long expected) {
        return new WithdrawRequest("chat", bundle, to, expected, "operator", "test", Map.of());
    }

    private static AnnotateRequest annotate(BundleId bundle, String note, String... tags) {
        return new AnnotateRequest("chat", bundle, new TreeSet<>(List.of(tags)), note, "operator", "test");
    }

    private static AttachRequest attach(BundleId bundle, String json) {
        return new AttachRequest("chat", bundle, EvidenceKind.SHADOW, new EvidenceReport(json), "operator", "test");
    }
}
