package dev.presage.testbed.trace;

/** Turns one line of a trace file into a request. */
@FunctionalInterface
interface LineParser {
    /**
     * @param text the line, not empty
     * @param position of the request in the trace, from 0
     * @throws FieldException when a field is missing or bad
     */
    TraceRequest parse(String text, int position) throws FieldException;

    /** A bad field; {@link Trace} adds the source and the line. */
    final class FieldException extends Exception {
        private static final long serialVersionUID = 1;
        private final String field;

        FieldException(String field, String problem) {
            super(problem);
            this.field = field;
        }

        String field() {
            return field;
        }
    }
}
