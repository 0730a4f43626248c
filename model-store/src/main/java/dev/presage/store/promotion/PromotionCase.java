package dev.presage.store.promotion;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.Verification;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.evidence.CanaryReport;
import dev.presage.store.evidence.ShadowReport;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.AuditEntry;
import dev.presage.store.registry.EvidenceKind;
import dev.presage.store.registry.Gate;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.VersionEntry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Gathers a version's standing from the registry and has the gates judge it. Thread-safe. */
final class PromotionCase {
    /** The champion is looked for in so many of the latest audit entries; one that changed before is long past any cool-down. */
    private static final int AUDITED = 500;

    private final ModelRegistry registry;
    private final BundleReader reader;
    private final InstantSource clock;

    PromotionCase(ModelRegistry registry, BundleReader reader, InstantSource clock) {
        this.registry = registry;
        this.reader = reader;
        this.clock = clock;
    }

    /** By the attached reports; those about another champion do not count. */
    List<Gate> judge(PromotionPolicy policy, PoolState pool, VersionEntry version, Alias alias) throws IOException {
        BundleId champion = pool.aliases().get(Alias.CHAMPION);
        Optional<ShadowReport> shadow = registry.evidence(pool.pool(), version.bundle(), EvidenceKind.SHADOW)
                .map(report -> report.as(ShadowReport.class))
                .filter(report -> report.champion().equals(champion));
        Optional<CanaryReport> canary = registry.evidence(pool.pool(), version.bundle(), EvidenceKind.CANARY)
                .map(report -> report.as(CanaryReport.class))
                .filter(report -> report.champion().equals(champion));
        return judge(policy, pool, version, alias, shadow, canary);
    }

    /** By reports that are not attached yet. */
    List<Gate> judge(
            PromotionPolicy policy,
            PoolState pool,
            VersionEntry version,
            Alias alias,
            Optional<ShadowReport> shadow,
            Optional<CanaryReport> canary)
            throws IOException {
        byte[] archive = registry.archive(version.bundle()).orElse(new byte[0]);
        Verification checked = reader.verify(archive, version.bundle());
        double micros = checked instanceof VerifiedBundle bundle ? bundle.rowMicros() : Double.POSITIVE_INFINITY;
        return Gates.judge(
                policy,
                new Standing(
                        pool,
                        version,
                        alias,
                        checked,
                        micros,
                        shadow,
                        canary,
                        championSince(pool.pool()),
                        clock.millis()));
    }

    private Optional<Long> championSince(String pool) throws IOException {
        return registry.audit(pool, AUDITED).stream()
                .filter(entry -> entry.alias() == Alias.CHAMPION)
                .map(AuditEntry::atMs)
                .findFirst();
    }
}
