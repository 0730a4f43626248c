package dev.presage.router.peer;

/** One piece of news of a request that a router has under way. */
public sealed interface Flight {
    /** The router's id of the request, the same in all its news and unique over all routers. */
    String id();

    /** Epoch milliseconds at which it happened, by the clock of the router that tells. */
    long atMs();

    /**
     * It was sent.
     *
     * @param address {@code ip:port} of the endpoint
     * @param cachedTokens of the {@code promptTokens}, as many as the endpoint was believed to hold
     * @param blocks prefix blocks of the prompt
     */
    record Sent(String id, long atMs, String address, int promptTokens, int cachedTokens, long[] blocks)
            implements Flight {
        public Sent {
            if (promptTokens < 0 || cachedTokens < 0 || cachedTokens > promptTokens) {
                throw new IllegalArgumentException(
                        "cached tokens " + cachedTokens + " outside 0.." + promptTokens + " prompt tokens");
            }
        }
    }

    /** Its first token came. */
    record FirstToken(String id, long atMs) implements Flight {}

    /**
     * It is over.
     *
     * @param answered with a whole reply, so everything sent there before it is past its prefill
     * @param outputTokens 0 when unknown
     */
    record Ended(String id, long atMs, boolean answered, int outputTokens) implements Flight {
        public Ended {
            if (outputTokens < 0) {
                throw new IllegalArgumentException("output tokens " + outputTokens + " must be at least 0");
            }
        }
    }
}
