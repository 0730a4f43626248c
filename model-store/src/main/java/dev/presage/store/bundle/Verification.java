package dev.presage.store.bundle;

/** What came of checking an archive: a bundle that may be used, or why not. */
public sealed interface Verification permits VerifiedBundle, Verification.Refused {
    record Refused(Refusal refusal) implements Verification {}
}
