package dev.presage.store.promotion;

import dev.presage.store.bundle.Verification;
import dev.presage.store.evidence.CanaryReport;
import dev.presage.store.evidence.ShadowReport;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.VersionEntry;
import java.util.Optional;

/**
 * All that gates look at.
 *
 * @param alias that the version is to get
 * @param checked what came of verifying the archive again, golden rows included
 * @param rowMicros time to predict one candidate
 * @param shadow the report on the version beside the present champion
 * @param canary the same
 * @param championSinceMs when the champion changed last; empty when it is not known
 */
record Standing(
        PoolState pool,
        VersionEntry version,
        Alias alias,
        Verification checked,
        double rowMicros,
        Optional<ShadowReport> shadow,
        Optional<CanaryReport> canary,
        Optional<Long> championSinceMs,
        long nowMs) {}
