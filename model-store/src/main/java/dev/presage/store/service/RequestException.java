package dev.presage.store.service;

/** Ends the handling of a request with a status and a problem for the client. */
final class RequestException extends RuntimeException {
    final int status;
    final String code;

    RequestException(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
