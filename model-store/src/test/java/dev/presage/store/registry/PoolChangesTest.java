package dev.presage.store.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be done to a pool besides promotion and rollback, and what the audit log then says. */
class PoolChangesTest {
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
                "pool chat is frozen by ann since 1970-01-01T00:00:00.007Z: incident 12",
                refused(move(Alias.CHALLENGER, first, 3)));
        registry.close();
        registry = open(2);
        assertEquals(new Freeze(7, "ann", "incident 12"), registry.pool("chat").frozen());
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
        registry.close();
        registry = open(2);
        assertEquals(1, files("evidence"));
        publish(2);
        publish(3);
        publish(4);
        registry.close();
        registry = open(2);
        assertTrue(registry.pool("chat").version(first).isEmpty());
        assertEquals(0, files("evidence"));
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

    private int files(String directory) throws IOException {
        try (Stream<Path> paths = Files.list(root.resolve(directory))) {
            return (int) paths.count();
        }
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

    private static MoveRequest move(Alias alias, BundleId bundle, long expected) {
        return new MoveRequest("chat", alias, bundle, expected, "operator", "test", Map.of());
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

    private DirectoryRegistry open(int keep) throws IOException {
        return DirectoryRegistry.open(
                root, new BundleReader(TrustPolicy.anyone()), keep, () -> Instant.ofEpochMilli(7));
    }

    private BundleId publish(int number) throws IOException {
        byte[] archive = SampleBundles.archive("chat", number).bytes();
        return assertInstanceOf(PublishOutcome.Published.class, registry.publish("chat", archive, "trainer"))
                .bundle();
    }
}
