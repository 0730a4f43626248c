package dev.presage.router.fleet;

import org.jspecify.annotations.Nullable;

/**
 * One request on its way through one endpoint: the handle that accounting is settled with. Made by {@link
 * EndpointTwin#dispatch}; guarded by its twin. Where another endpoint computes the prompt, its dispatch goes along and ends
 * with the first token.
 */
public final class Dispatch {
    enum Phase {
        PENDING,
        DECODING,
        ENDED
    }

    final EndpointTwin twin;
    final int promptTokens;
    final int uncachedTokens;
    final double attention;
    final double tpotTargetMs;
    final long dispatchedNanos;
    Phase phase = Phase.PENDING;
    int outputTokens;
    double prefillMs = Double.POSITIVE_INFINITY;

    private final @Nullable Dispatch prefill;

    Dispatch(
            EndpointTwin twin,
            int promptTokens,
            int uncachedTokens,
            double attention,
            double tpotTargetMs,
            long dispatchedNanos,
            @Nullable Dispatch prefill) {
        this.twin = twin;
        this.promptTokens = promptTokens;
        this.uncachedTokens = uncachedTokens;
        this.attention = attention;
        this.tpotTargetMs = tpotTargetMs;
        this.dispatchedNanos = dispatchedNanos;
        this.prefill = prefill;
    }

    /** Its own prefill is predicted to take so long, once it is its turn. */
    public void predicted(double ms) {
        twin.predicted(this, ms);
    }

    /** Its first token came. Later calls do nothing. */
    public void firstToken(long nowNanos) {
        if (prefill != null) {
            prefill.firstToken(nowNanos);
            prefill.end(nowNanos);
        }
        twin.firstToken(this, nowNanos);
    }

    /** {@code count} more output tokens came. */
    public void tokens(int count) {
        twin.tokens(this, count);
    }

    /** It was answered as a whole, its first token unseen. {@link #end} must follow. */
    public void answered() {
        if (prefill != null) {
            prefill.answered();
        }
        twin.answered(this);
    }

    /** It ended, in whatever way. Later calls do nothing. */
    public void end(long nowNanos) {
        if (prefill != null) {
            prefill.end(nowNanos);
        }
        twin.end(this, nowNanos);
    }
}
