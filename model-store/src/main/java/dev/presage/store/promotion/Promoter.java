package dev.presage.store.promotion;

import dev.presage.pipeline.proto.Sample;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.evidence.CanaryJudge;
import dev.presage.store.evidence.CanaryReport;
import dev.presage.store.evidence.OffPolicyJudge;
import dev.presage.store.evidence.ShadowJudge;
import dev.presage.store.evidence.ShadowReport;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.AttachRequest;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.EvidenceKind;
import dev.presage.store.registry.EvidenceReport;
import dev.presage.store.registry.Gate;
import dev.presage.store.registry.LifecycleState;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolChange;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.VersionEntry;
import dev.presage.store.registry.WithdrawRequest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges the challenger and the canary of one pool by its samples, attaches the reports to the versions, and, where the policy is automatic,
 * takes the newest candidate along shadow and canary to champion, or rejects it. A pool without a policy is left alone. One caller at a time:
 * both methods are synchronized.
 */
public final class Promoter {
    private static final String ACTOR = "promotion policy";

    private final String pool;
    private final ModelRegistry registry;
    private final PolicyFiles policies;
    private final BundleReader reader;
    private final PromotionCase promotion;
    private final Consumer<ChangeOutcome.Changed> listener;
    private @Nullable ShadowJudge shadow;
    private @Nullable OffPolicyJudge offPolicy;
    private @Nullable CanaryJudge canary;
    private Map<Alias, BundleId> judged = Map.of();
    private long attachedAt;

    /**
     * @param registry without gates: this one has them itself
     * @param listener told of each alias that it moved
     */
    public Promoter(
            String pool,
            ModelRegistry registry,
            PolicyFiles policies,
            BundleReader reader,
            InstantSource clock,
            Consumer<ChangeOutcome.Changed> listener) {
        this.pool = pool;
        this.registry = registry;
        this.policies = policies;
        this.reader = reader;
        this.listener = listener;
        promotion = new PromotionCase(registry, reader, clock);
    }

    /** Takes a sample of the pool in. */
    public synchronized void offer(Sample sample) {
        if (shadow != null) {
            shadow.offer(sample);
        }
        if (offPolicy != null) {
            offPolicy.offer(sample);
        }
        if (canary != null) {
            canary.offer(sample);
        }
    }

    /** Does what the policy asks for now: at most one move. */
    public synchronized void step() throws IOException {
        Optional<PromotionPolicy> policy = policies.of(pool);
        if (policy.isEmpty()) {
            return;
        }
        PoolState state = registry.pool(pool);
        follow(state);
        attachWhenDoubled(state);
        if (policy.get().mode() == PromotionPolicy.Mode.AUTOMATIC && state.frozen() == null) {
            advance(policy.get(), state);
            // Samples of what has just moved are wanted at once.
            follow(registry.pool(pool));
        }
    }

    private void advance(PromotionPolicy policy, PoolState state) throws IOException {
        VersionEntry onCanary =
                state.bundle(Alias.CANARY).flatMap(state::version).orElse(null);
        VersionEntry onShadow =
                state.bundle(Alias.CHALLENGER).flatMap(state::version).orElse(null);
        if (onCanary != null) {
            offer(policy, state, onCanary, Alias.CHAMPION);
        } else if (onShadow != null) {
            offer(policy, state, onShadow, policy.canarySamples() > 0 ? Alias.CANARY : Alias.CHAMPION);
        } else {
            VersionEntry candidate = newest(state).orElse(null);
            if (candidate != null && state.bundle(Alias.CHAMPION).isEmpty()) {
                offer(policy, state, candidate, Alias.CHAMPION);
            } else if (candidate != null) {
                move(state, candidate, Alias.CHALLENGER, "newest candidate", List.of());
            }
        }
    }

    /** Moves the version on if all gates are open, rejects it if one fails. */
    private void offer(PromotionPolicy policy, PoolState state, VersionEntry version, Alias alias) throws IOException {
        Optional<ShadowReport> shadowReport = shadow == null ? Optional.empty() : shadow.report();
        Optional<CanaryReport> canaryReport = canary == null ? Optional.empty() : Optional.of(canary.report());
        // A canary shadows nothing any more: what it showed as challenger is attached.
        List<Gate> gates = version.state() == LifecycleState.CANARY
                ? promotion.judge(policy, state, version, alias, attachedShadow(version, state), canaryReport)
                : promotion.judge(policy, state, version, alias, shadowReport, canaryReport);
        List<Gate> failed = gates.stream()
                .filter(gate -> gate.verdict() == Gate.Verdict.FAIL)
                .toList();
        if (!failed.isEmpty()) {
            attach(version.bundle());
            reject(registry.pool(pool), version, failed);
        } else if (gates.stream().allMatch(gate -> gate.verdict() == Gate.Verdict.PASS)) {
            attach(version.bundle());
            move(registry.pool(pool), version, alias, "all gates are open", gates);
        }
    }

    private Optional<ShadowReport> attachedShadow(VersionEntry version, PoolState state) throws IOException {
        return registry.evidence(pool, version.bundle(), EvidenceKind.SHADOW)
                .map(report -> report.as(ShadowReport.class))
                .filter(report -> state.bundle(Alias.CHAMPION).equals(Optional.of(report.champion())));
    }

    private void move(PoolState state, VersionEntry version, Alias alias, String reason, List<Gate> gates)
            throws IOException {
        tell(registry.change(GovernedRegistry.withFigures(
                new MoveRequest(pool, alias, version.bundle(), state.revision(), ACTOR, reason, Map.of()), gates)));
    }

    private void reject(PoolState state, VersionEntry version, List<Gate> failed) throws IOException {
        String reason = failed.stream()
                .map(gate -> "gate " + gate.name() + " fails: " + gate.text())
                .collect(Collectors.joining("; "));
        tell(registry.change(new WithdrawRequest(
                pool,
                version.bundle(),
                LifecycleState.REJECTED,
                state.revision(),
                ACTOR,
                reason.substring(0, Math.min(reason.length(), 1_900)),
                Map.of())));
    }

    /** A conflict is somebody's move: the next step sees what it made of the pool. */
    private void tell(ChangeOutcome outcome) {
        if (outcome instanceof ChangeOutcome.Changed changed) {
            listener.accept(changed);
        }
    }

    /** The newest candidate, unless it is older than the champion. */
    private static Optional<VersionEntry> newest(PoolState state) {
        for (VersionEntry version : state.versions().reversed()) {
            if (version.state() == LifecycleState.CANDIDATE) {
                return Optional.of(version);
            }
            if (state.bundle(Alias.CHAMPION).equals(Optional.of(version.bundle()))) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** New judges whenever one of the aliases has moved: reports are about two versions, not about two names. */
    private void follow(PoolState state) throws IOException {
        if (state.aliases().equals(judged)) {
            return;
        }
        BundleId champion = state.aliases().get(Alias.CHAMPION);
        BundleId challenger = state.aliases().get(Alias.CHALLENGER);
        BundleId onCanary = state.aliases().get(Alias.CANARY);
        boolean sameShadow = same(Alias.CHAMPION, champion) && same(Alias.CHALLENGER, challenger);
        if (!sameShadow) {
            shadow = null;
            offPolicy = null;
            attachedAt = 0;
            if (champion != null && challenger != null) {
                List<Double> levels = levels(challenger);
                shadow = new ShadowJudge(champion, levels(champion), challenger, levels);
                offPolicy = new OffPolicyJudge(challenger, levels);
            }
        }
        if (!same(Alias.CHAMPION, champion) || !same(Alias.CANARY, onCanary)) {
            canary = champion != null && onCanary != null ? new CanaryJudge(champion, onCanary) : null;
        }
        judged = state.aliases();
    }

    private boolean same(Alias alias, @Nullable BundleId bundle) {
        return Optional.ofNullable(judged.get(alias)).equals(Optional.ofNullable(bundle));
    }

    private List<Double> levels(BundleId bundle) throws IOException {
        byte[] archive = registry.archive(bundle).orElse(new byte[0]);
        return reader.verify(archive, bundle) instanceof VerifiedBundle verified
                ? verified.manifest().quantiles()
                : List.of();
    }

    private void attachWhenDoubled(PoolState state) throws IOException {
        ShadowJudge judge = shadow;
        BundleId challenger = state.aliases().get(Alias.CHALLENGER);
        if (judge != null && challenger != null && judge.samples() >= Math.max(100, 2 * attachedAt)) {
            attach(challenger);
            attachedAt = judge.samples();
        }
    }

    private void attach(BundleId bundle) throws IOException {
        if (shadow != null && Optional.of(bundle).equals(Optional.ofNullable(judged.get(Alias.CHALLENGER)))) {
            Optional<ShadowReport> report = shadow.report();
            if (report.isPresent()) {
                attach(bundle, EvidenceKind.SHADOW, report.get());
            }
            if (offPolicy != null) {
                attach(bundle, EvidenceKind.OFF_POLICY, offPolicy.report());
            }
        }
        if (canary != null && Optional.of(bundle).equals(Optional.ofNullable(judged.get(Alias.CANARY)))) {
            attach(bundle, EvidenceKind.CANARY, canary.report());
        }
    }

    private void attach(BundleId bundle, EvidenceKind kind, Object report) throws IOException {
        PoolChange change =
                new AttachRequest(pool, bundle, kind, EvidenceReport.of(report), ACTOR, kind.key() + " report");
        registry.change(change);
    }
}
