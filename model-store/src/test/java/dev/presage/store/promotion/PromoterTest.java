package dev.presage.store.promotion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.evidence.SampleStream;
import dev.presage.store.evidence.ShadowReport;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.AuditEntry;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.EvidenceKind;
import dev.presage.store.registry.FreezeRequest;
import dev.presage.store.registry.Gate;
import dev.presage.store.registry.LifecycleState;
import dev.presage.store.registry.MovePlan;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PublishOutcome;
import dev.presage.store.registry.RollbackRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromoterTest {
    private static final BundleReader READER = new BundleReader(TrustPolicy.anyone());

    @TempDir
    Path root;

    private final BundleId first = SampleBundles.archive("chat", 1).id();
    private final BundleId second = SampleBundles.archive("chat", 2).id();
    private long nowMs = 1_000_000;
    private DirectoryRegistry registry;
    private GovernedRegistry governed;
    private Promoter promoter;

    @BeforeEach
    void open() throws IOException {
        registry = DirectoryRegistry.open(root, READER, 50, () -> Instant.ofEpochMilli(nowMs));
        Files.createDirectories(root.resolve("policies"));
        PolicyFiles policies = new PolicyFiles(root.resolve("policies"));
        governed = new GovernedRegistry(registry, policies, READER, () -> Instant.ofEpochMilli(nowMs));
        promoter = new Promoter("chat", registry, policies, READER, () -> Instant.ofEpochMilli(nowMs), changed -> {});
    }

    @AfterEach
    void close() throws IOException {
        registry.close();
    }

    @Test
    void aBetterChallengerGoesAllTheWay() throws IOException {
        policy("mode: automatic", "shadow_samples: 400", "canary_samples: 100", "cool_down_seconds: 60");
        publish(1);
        promoter.step();
        assertEquals(Map.of(Alias.CHAMPION, first), registry.pool("chat").aliases());
        publish(2);
        promoter.step();
        assertEquals(LifecycleState.SHADOW, state(second));
        shadow(first, second, 0.3, 0.1, 1, 399);
        promoter.step();
        assertEquals(LifecycleState.SHADOW, state(second));
        shadow(first, second, 0.3, 0.1, 1, 400);
        promoter.step();
        assertEquals(LifecycleState.CANARY, state(second));
        canary(first, second, 1.0, 200);
        promoter.step();
        assertEquals(LifecycleState.CANARY, state(second), "the cool-down is not over");
        nowMs += 60_000;
        promoter.step();
        assertEquals(
                Map.of(Alias.CHAMPION, second, Alias.PREVIOUS, first),
                registry.pool("chat").aliases());
        AuditEntry last = registry.audit("chat", 1).getFirst();
        assertEquals("promotion policy", last.actor());
        assertTrue(String.valueOf(last.evidence().get("gate better")).startsWith("PASS: TTFT error 0.0"), "" + last);
        assertTrue(registry.evidence("chat", second, EvidenceKind.CANARY).isPresent());
        assertTrue(registry.evidence("chat", second, EvidenceKind.OFF_POLICY).isPresent());
    }

    @Test
    void aWorseOneIsRejectedInShadowWithItsReport() throws IOException {
        policy("mode: automatic", "shadow_samples: 400");
        challenge();
        shadow(first, second, 0.1, 0.3, 1, 400);
        promoter.step();
        assertEquals(LifecycleState.REJECTED, state(second));
        assertTrue(registry.audit("chat", 1).getFirst().reason().startsWith("gate better fails: TTFT error 0.2"));
        assertEquals(
                400,
                registry.evidence("chat", second, EvidenceKind.SHADOW)
                        .orElseThrow()
                        .as(ShadowReport.class)
                        .samples());
        promoter.step();
        assertEquals(Map.of(Alias.CHAMPION, first), registry.pool("chat").aliases());
    }

    @Test
    void anOverconfidentOneFailsByItsCalibration() throws IOException {
        policy("mode: automatic", "shadow_samples: 400");
        challenge();
        shadow(first, second, 0.3, 0.1, 0.2, 400);
        promoter.step();
        assertTrue(registry.audit("chat", 1).getFirst().reason().startsWith("gate calibrated fails: "));
    }

    @Test
    void aCanaryThatIsSlowerIsRejected() throws IOException {
        policy("mode: automatic", "shadow_samples: 100", "canary_samples: 200", "cool_down_seconds: 0");
        challenge();
        shadow(first, second, 0.3, 0.1, 1, 200);
        promoter.step();
        promoter.step();
        canary(first, second, 1.5, 400);
        promoter.step();
        assertEquals(LifecycleState.REJECTED, state(second));
        assertTrue(registry.audit("chat", 1).getFirst().reason().startsWith("gate canary fails: 400 requests routed"));
    }

    @Test
    void frozenOrManualItMovesNothingAndOnlyAttaches() throws IOException {
        policy("mode: manual", "shadow_samples: 400");
        publish(1);
        publish(2);
        promoter.step();
        assertEquals(Map.of(), registry.pool("chat").aliases());
        move(registry.change(request(Alias.CHAMPION, first, 0)));
        move(registry.change(request(Alias.CHALLENGER, second, 1)));
        promoter.step();
        shadow(first, second, 0.3, 0.1, 1, 400);
        promoter.step();
        assertEquals(LifecycleState.SHADOW, state(second));
        assertTrue(registry.evidence("chat", second, EvidenceKind.SHADOW).isPresent());
        policy("mode: automatic", "shadow_samples: 400", "cool_down_seconds: 0");
        move(registry.change(new FreezeRequest("chat", true, 2, "ann", "incident")));
        promoter.step();
        assertEquals(LifecycleState.SHADOW, state(second));
    }

    @Test
    void peopleGoThroughTheGatesOrPastThemWithForce() throws IOException {
        policy("shadow_samples: 400", "canary_samples: 0", "cool_down_seconds: 0");
        publish(1);
        publish(2);
        move(governed.change(request(Alias.CHAMPION, first, 0)));
        assertEquals(
                "gate shadow waits: 0 requests beside the champion, want 400",
                assertInstanceOf(ChangeOutcome.Refused.class, governed.change(request(Alias.CHAMPION, second, 1)))
                        .problem());
        MovePlan plan = governed.plan(request(Alias.CHAMPION, second, 1));
        assertInstanceOf(ChangeOutcome.Refused.class, plan.outcome());
        assertEquals(
                List.of("freeze", "cool-down", "integrity", "size", "speed", "shadow"),
                plan.gates().stream().map(Gate::name).toList());
        move(governed.change(new MoveRequest("chat", Alias.CHAMPION, second, 1, "ann", "I know why", Map.of(), true)));
        assertEquals(
                "past the gates",
                registry.audit("chat", 1).getFirst().evidence().get("forced"));
        move(governed.change(new RollbackRequest("chat", 2, "ann", "worse", Map.of())));
        assertInstanceOf(
                ChangeOutcome.Changed.class,
                governed.plan(request(Alias.CHALLENGER, second, 3)).outcome());
        assertEquals(3, registry.pool("chat").revision());
    }

    @Test
    void aPolicyThatCannotBeReadStopsPromotionWithItsFieldNamed() throws IOException {
        publish(1);
        policy("mode: sometimes");
        assertTrue(
                problem(first).contains("chat.yaml: mode: ") && problem(first).contains("sometimes"), problem(first));
        policy("better_by: 7");
        assertTrue(problem(first).endsWith("better_by is 7.0, want more than -1, less than 1"), problem(first));
        policy("bettr_by: 0.1");
        assertTrue(problem(first).contains("bettr_by"), problem(first));
        policy("mode: [");
        assertTrue(problem(first).contains("chat.yaml"), problem(first));
        policy("");
        move(governed.change(request(Alias.CHAMPION, first, 0)));
    }

    /** The first is champion, the second its challenger. */
    private void challenge() throws IOException {
        publish(1);
        promoter.step();
        publish(2);
        promoter.step();
    }

    private String problem(BundleId bundle) {
        return String.valueOf(assertThrows(IOException.class, () -> governed.change(request(Alias.CHAMPION, bundle, 0)))
                .getMessage());
    }

    private static void move(ChangeOutcome outcome) {
        assertInstanceOf(ChangeOutcome.Changed.class, outcome);
    }

    private static MoveRequest request(Alias alias, BundleId bundle, long expected) {
        return new MoveRequest("chat", alias, bundle, expected, "ann", "test", Map.of());
    }

    private void shadow(BundleId champion, BundleId challenger, double error, double other, double stretch, int count) {
        SampleStream stream = new SampleStream(champion, challenger, 5);
        for (int i = 0; i < count; i++) {
            promoter.offer(stream.next(error, other, stretch));
        }
    }

    private void canary(BundleId champion, BundleId canary, double factor, int count) {
        SampleStream stream = new SampleStream(champion, canary, 7);
        for (int i = 0; i < count; i++) {
            promoter.offer(stream.routedBy(canary, factor));
            promoter.offer(stream.routedBy(champion, 1));
        }
    }

    private LifecycleState state(BundleId bundle) throws IOException {
        return registry.pool("chat").version(bundle).orElseThrow().state();
    }

    private void policy(String... lines) throws IOException {
        Files.write(root.resolve("policies/chat.yaml"), List.of(lines));
    }

    private void publish(int number) throws IOException {
        byte[] archive = SampleBundles.archive("chat", number).bytes();
        assertInstanceOf(PublishOutcome.Published.class, registry.publish("chat", archive, "trainer"));
    }
}
