package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.bundle.VerifiedBundle;
import org.jspecify.annotations.Nullable;

/**
 * A published version as lists show it: its state, and the headline of its metrics.
 *
 * @param bytes size of the archive
 * @param createdAtMs when the trainer made it, milliseconds since the epoch; versions are kept in the order of publication
 */
public record VersionEntry(
        BundleId bundle,
        LifecycleState state,
        @Nullable BundleId parent,
        long createdAtMs,
        String creator,
        long bytes,
        long trainedOn,
        ModelMetrics.Slice headline) {

    static VersionEntry candidate(VerifiedBundle bundle, long bytes) {
        ModelCard card = bundle.manifest().card();
        return new VersionEntry(
                bundle.id(),
                LifecycleState.CANDIDATE,
                card.parent(),
                card.createdAtMs(),
                card.creator(),
                bytes,
                card.window().samples(),
                card.metrics().overall());
    }

    VersionEntry in(LifecycleState next) {
        return new VersionEntry(bundle, next, parent, createdAtMs, creator, bytes, trainedOn, headline);
    }
}
