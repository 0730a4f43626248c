package dev.presage.router.body;

/**
 * Told of a JSON document while {@link JsonScanner} reads it, on the reading thread. Strings come in pieces, however long they
 * are: the arrays belong to the scanner and are only valid during the call.
 */
public interface JsonHandler {
    /** An object or an array begins. */
    void structStart(boolean object);

    /** The innermost object or array ends. */
    void structEnd();

    /** A piece of a member's name, as UTF-8 without escapes. */
    default void nameText(byte[] utf8, int from, int to) {}

    /** A member's name has ended; {@code known} is empty when it is none of the scanner's names. */
    void name(String known);

    /** A string value begins. */
    void stringStart();

    /** A piece of it, as UTF-8 without escapes; characters may be cut. */
    void text(byte[] utf8, int from, int to);

    /** The string value ends. */
    void stringEnd();

    /** A number; what a double cannot hold is the nearest it can. */
    void number(double value);

    /** {@code true}, {@code false} or {@code null}. */
    void literal(String word);
}
