package dev.presage.store.cli;

/** What was asked for is not to be had; the message is all that the person needs. */
final class RefusedException extends RuntimeException {
    RefusedException(String message) {
        super(message, null, false, false);
    }
}
