package dev.presage.testbed.trace;

/** A line of the Azure traces: {@code arrived_at (s),num_prefill_tokens,num_decode_tokens}. */
final class AzureLine implements LineParser {
    static final String HEADER = "arrived_at,num_prefill_tokens,num_decode_tokens";

    private static final long[] NO_IDS = {};

    @Override
    public TraceRequest parse(String text, int position) throws FieldException {
        String[] fields = text.split(",", -1);
        if (fields.length != 3) {
            throw new FieldException("line", "must have the 3 fields " + HEADER + ", got " + fields.length);
        }
        return new TraceRequest(
                position,
                seconds(fields[0]) * 1000,
                tokens("num_prefill_tokens", fields[1]),
                tokens("num_decode_tokens", fields[2]),
                NO_IDS);
    }

    private static double seconds(String text) throws FieldException {
        try {
            double value = Double.parseDouble(text.strip());
            if (value >= 0 && value < Double.POSITIVE_INFINITY) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number out of bounds.
        }
        throw new FieldException("arrived_at", "must be a number of seconds from 0, got '" + text + "'");
    }

    private static int tokens(String field, String text) throws FieldException {
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number out of bounds.
        }
        throw new FieldException(field, "must be an integer from 1, got '" + text + "'");
    }
}
