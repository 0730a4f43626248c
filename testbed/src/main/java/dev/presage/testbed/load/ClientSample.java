package dev.presage.testbed.load;

/**
 * What a client saw of one request. Times are wall-clock nanoseconds from the moment the request was due, so a sender that
 * falls behind cannot hide waiting; negative where the event never came.
 *
 * @param target name of the target
 * @param index place in the plan
 * @param status HTTP status, 0 when there was no reply
 * @param failure empty when the reply was complete
 * @param lagNanos how late the request was sent
 * @param promptTokens as the server reported, negative when it did not; so are the two below
 */
public record ClientSample(
        String target,
        int index,
        int status,
        String failure,
        long lagNanos,
        long firstTokenNanos,
        long lastTokenNanos,
        long endNanos,
        int promptTokens,
        int cachedTokens,
        int outputTokens) {
    private static final double NANOS_PER_MS = 1e6;

    static ClientSample failed(String target, int index, int status, String failure, long endNanos) {
        return new ClientSample(target, index, status, failure, 0, -1, -1, endNanos, -1, -1, -1);
    }

    public boolean ok() {
        return failure.isEmpty();
    }

    /** Wall milliseconds to the first token; NaN without one. */
    public double ttftMs() {
        return firstTokenNanos < 0 ? Double.NaN : firstTokenNanos / NANOS_PER_MS;
    }

    /** Wall milliseconds per token after the first; NaN with fewer than two tokens. */
    public double tpotMs() {
        return firstTokenNanos < 0 || outputTokens < 2
                ? Double.NaN
                : (lastTokenNanos - firstTokenNanos) / NANOS_PER_MS / (outputTokens - 1);
    }

    /** Wall milliseconds to the end of the reply. */
    public double e2eMs() {
        return endNanos / NANOS_PER_MS;
    }
}
