package dev.presage.router.discovery.kubernetes;

/** An object of the API lacks a field or has a bad one; the message names the field and its bound. */
final class MalformedObjectException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedObjectException(String message) {
        super(message);
    }
}
