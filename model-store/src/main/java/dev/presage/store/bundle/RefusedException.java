package dev.presage.store.bundle;

/** Carries a refusal out of nested checks to the reader, which turns it into a value. */
final class RefusedException extends Exception {
    final transient Refusal refusal;

    RefusedException(Refusal refusal) {
        super(refusal.message(), null, false, false);
        this.refusal = refusal;
    }
}
