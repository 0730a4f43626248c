package dev.presage.testbed.trace;

/**
 * One request of a trace. Immutable; the array is shared and read only.
 *
 * @param position place in the trace, from 0; names the request
 * @param arrivalMs milliseconds since the start of the trace
 * @param promptTokens at least 1
 * @param outputTokens at least 1
 * @param hashIds one id for each 512-token block of the prompt, the last one partial; equal ids mean an equal prefix up to
 *     there; empty when the trace does not say
 */
public record TraceRequest(int position, double arrivalMs, int promptTokens, int outputTokens, long[] hashIds) {
    /** Tokens of a block that one hash id stands for. */
    public static final int HASH_ID_TOKENS = 512;

    public TraceRequest {
        atLeast("position", position, 0);
        atLeast("arrivalMs", arrivalMs, 0);
        atLeast("promptTokens", promptTokens, 1);
        atLeast("outputTokens", outputTokens, 1);
        int blocks = Math.ceilDiv(promptTokens, HASH_ID_TOKENS);
        if (hashIds.length != 0 && hashIds.length != blocks) {
            throw new IllegalArgumentException("hashIds must be empty or have " + blocks + " ids for " + promptTokens
                    + " prompt tokens, got " + hashIds.length);
        }
    }

    /** This request at another time; used to replay a trace faster or slower. */
    public TraceRequest withArrivalMs(double ms) {
        return new TraceRequest(position, ms, promptTokens, outputTokens, hashIds);
    }

    private static void atLeast(String field, double value, int bound) {
        if (!(value >= bound)) {
            throw new IllegalArgumentException(field + " must be at least " + bound + ", got " + value);
        }
    }
}
