package dev.presage.testbed.trace;

/** A line of a trace that cannot be read; the message names source, line, field and what is wrong. */
public final class TraceFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TraceFormatException(String source, long line, String field, String problem) {
        super(source + ":" + line + ": " + field + ": " + problem);
    }
}
