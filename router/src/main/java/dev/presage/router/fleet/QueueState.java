package dev.presage.router.fleet;

/**
 * The router's own account of one endpoint's queue at one moment: what it sent there and has not seen answered.
 *
 * @param pendingTokens uncached prompt tokens of requests without a first token
 * @param pendingAttention their attention work, in pairs
 * @param pendingRequests how many they are
 * @param progressNanos when the endpoint last made visible progress on them: the later of the last first token that
 *     shortened the queue and the dispatch of the oldest pending request; 0 when none is pending
 * @param oldestMs what the prefill of the oldest pending request was predicted to take; infinite when nothing was, or none is pending
 * @param decodingRequests requests between first token and end
 * @param decodingContext their context tokens, prompt and output so far
 * @param prefillTokensPerSecond exponential average of uncached tokens sent, as of {@code rateNanos}
 * @param rateNanos when that average was last updated
 * @param strictestTpotMs the smallest TPOT target of the requests in flight, infinite for none
 */
public record QueueState(
        long pendingTokens,
        double pendingAttention,
        int pendingRequests,
        long progressNanos,
        double oldestMs,
        int decodingRequests,
        long decodingContext,
        double prefillTokensPerSecond,
        long rateNanos,
        double strictestTpotMs) {

    public static final QueueState IDLE =
            new QueueState(0, 0, 0, 0, Double.POSITIVE_INFINITY, 0, 0, 0, 0, Double.POSITIVE_INFINITY);

    public QueueState {
        if (pendingTokens < 0
                || !(pendingAttention >= 0)
                || pendingRequests < 0
                || decodingRequests < 0
                || decodingContext < 0) {
            throw new IllegalArgumentException("in-flight accounting below zero: pending " + pendingTokens
                    + " tokens of " + pendingRequests + " with attention " + pendingAttention + ", decoding "
                    + decodingContext + " tokens of " + decodingRequests);
        }
    }

    /**
     * Milliseconds since the last visible progress on the queue, but no more than the oldest request was to take: an endpoint that is
     * late with it has not begun with the next.
     */
    public double stalledMs(long nowNanos) {
        return pendingRequests == 0 ? 0 : Math.clamp((nowNanos - progressNanos) / 1e6, 0, oldestMs);
    }

    public int inFlight() {
        return pendingRequests + decodingRequests;
    }
}
