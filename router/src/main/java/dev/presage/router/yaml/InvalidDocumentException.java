package dev.presage.router.yaml;

/** A document that is not what it should be; the message names document, line, field and bound. */
public final class InvalidDocumentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidDocumentException(String message) {
        super(message);
    }

    InvalidDocumentException(String message, Throwable cause) {
        super(message, cause);
    }
}
