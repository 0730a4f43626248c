package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;

/** What came of publishing an archive. */
public sealed interface PublishOutcome {
    /** Stored; {@code created} is false when it had been before. */
    record Published(BundleId bundle, boolean created) implements PublishOutcome {}

    /** Not stored; {@code code} and {@code message} as in {@link dev.presage.store.bundle.Refusal}. */
    record Refused(String code, String message) implements PublishOutcome {}
}
