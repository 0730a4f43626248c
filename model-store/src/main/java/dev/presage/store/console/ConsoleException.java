package dev.presage.store.console;

/** Ends the handling of a request with a page that says why. */
final class ConsoleException extends RuntimeException {
    final int status;

    ConsoleException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
