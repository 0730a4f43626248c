package dev.presage.store.promotion;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.AuditEntry;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.EvidenceKind;
import dev.presage.store.registry.EvidenceReport;
import dev.presage.store.registry.Gate;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.MovePlan;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolChange;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.PublishOutcome;
import dev.presage.store.registry.VersionEntry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A registry whose pools have policies: a version becomes canary or champion through the gates, or past them by somebody who says so. Rollback
 * and withdrawal have no gates. Thread-safe.
 */
public final class GovernedRegistry implements ModelRegistry {
    private final ModelRegistry registry;
    private final PolicyFiles policies;
    private final PromotionCase promotion;

    public GovernedRegistry(ModelRegistry registry, PolicyFiles policies, BundleReader reader, InstantSource clock) {
        this.registry = registry;
        this.policies = policies;
        promotion = new PromotionCase(registry, reader, clock);
    }

    @Override
    public ChangeOutcome change(PoolChange change) throws IOException {
        if (!(change instanceof MoveRequest move)) {
            return registry.change(change);
        }
        List<Gate> gates = gates(move);
        String shut = shut(gates);
        if (!shut.isEmpty() && !move.force()) {
            return new ChangeOutcome.Refused(registry.pool(move.pool()), shut);
        }
        return registry.change(withFigures(move, gates));
    }

    @Override
    public MovePlan plan(MoveRequest move) throws IOException {
        MovePlan plan = registry.plan(move);
        List<Gate> gates = gates(move);
        String shut = shut(gates);
        return plan.outcome() instanceof ChangeOutcome.Changed && !shut.isEmpty() && !move.force()
                ? new MovePlan(new ChangeOutcome.Refused(registry.pool(move.pool()), shut), gates)
                : new MovePlan(plan.outcome(), gates);
    }

    private List<Gate> gates(MoveRequest move) throws IOException {
        if (move.alias() != Alias.CHAMPION && move.alias() != Alias.CANARY) {
            return List.of();
        }
        Optional<PromotionPolicy> policy = policies.of(move.pool());
        PoolState state = registry.pool(move.pool());
        Optional<VersionEntry> version = state.version(move.bundle());
        return policy.isEmpty() || version.isEmpty()
                ? List.of()
                : promotion.judge(policy.get(), state, version.get(), move.alias());
    }

    private static String shut(List<Gate> gates) {
        return gates.stream()
                .filter(gate -> gate.verdict() != Gate.Verdict.PASS)
                .map(gate -> "gate " + gate.name() + (gate.verdict() == Gate.Verdict.WAIT ? " waits" : " fails") + ": "
                        + gate.text())
                .collect(Collectors.joining("; "));
    }

    static MoveRequest withFigures(MoveRequest move, List<Gate> gates) {
        Map<String, String> figures = new TreeMap<>(move.evidence());
        for (Gate gate : gates) {
            String text = gate.verdict() + ": " + gate.text();
            figures.put("gate " + gate.name(), text.substring(0, Math.min(text.length(), 900)));
        }
        if (move.force()) {
            figures.put("forced", "past the gates");
        }
        return new MoveRequest(
                move.pool(),
                move.alias(),
                move.bundle(),
                move.expectedRevision(),
                move.actor(),
                move.reason(),
                figures,
                move.force());
    }

    @Override
    public PublishOutcome publish(String pool, byte[] archive, String actor) throws IOException {
        return registry.publish(pool, archive, actor);
    }

    @Override
    public Optional<byte[]> archive(BundleId bundle) throws IOException {
        return registry.archive(bundle);
    }

    @Override
    public List<String> pools() throws IOException {
        return registry.pools();
    }

    @Override
    public PoolState pool(String pool) throws IOException {
        return registry.pool(pool);
    }

    @Override
    public PoolState pool(String pool, int newest) throws IOException {
        return registry.pool(pool, newest);
    }

    @Override
    public Optional<EvidenceReport> evidence(String pool, BundleId bundle, EvidenceKind kind) throws IOException {
        return registry.evidence(pool, bundle, kind);
    }

    @Override
    public List<AuditEntry> audit(String pool, int newest) throws IOException {
        return registry.audit(pool, newest);
    }
}
