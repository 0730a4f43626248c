package dev.presage.router.fleet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A twin of one engine's queue, kept from what the router sees: each dispatch, first token and end. Prefill is served in
 * order, so a first token, or a whole answer, also says that everything sent earlier is past its prefill; replies that are
 * not streamed are settled that way. Updates take the twin's own lock for well under a microsecond; {@link #state} reads one volatile field.
 *
 * <p>Bounded by the requests in flight.
 */
public final class EndpointTwin {
    private static final double RATE_WINDOW_NANOS = 20e9;

    private final Deque<Dispatch> pending = new ArrayDeque<>();
    private long pendingTokens;
    private final SortedMap<Double, Integer> tpotTargets = new TreeMap<>();
    private double pendingAttention;
    private int decodingRequests;
    private long decodingContext;
    private long firstTokenNanos = Long.MIN_VALUE;
    private double rate;
    private long rateNanos;
    private volatile QueueState state = QueueState.IDLE;

    /** The account as of the last event. */
    public QueueState state() {
        return state;
    }

    /** A request of {@code promptTokens}, {@code cachedTokens} of them expected in the cache, was sent now. */
    public Dispatch dispatch(int promptTokens, int cachedTokens, long nowNanos) {
        return dispatch(promptTokens, cachedTokens, Double.POSITIVE_INFINITY, nowNanos);
    }

    /** The same with the TPOT that is to be kept for it, infinite for none. */
    public Dispatch dispatch(int promptTokens, int cachedTokens, double tpotTargetMs, long nowNanos) {
        return dispatch(promptTokens, cachedTokens, null, tpotTargetMs, nowNanos);
    }

    /** A request was sent now whose prompt another endpoint computes: here only its last token is. */
    public Dispatch dispatchAfter(Dispatch prefill, int promptTokens, double tpotTargetMs, long nowNanos) {
        return dispatch(promptTokens, promptTokens, prefill, tpotTargetMs, nowNanos);
    }

    private synchronized Dispatch dispatch(
            int promptTokens, int cachedTokens, @Nullable Dispatch prefill, double tpotTargetMs, long nowNanos) {
        int uncached = Math.max(1, promptTokens - cachedTokens);
        double attention = attention(promptTokens, Math.max(0, promptTokens - uncached));
        Dispatch dispatch = new Dispatch(this, promptTokens, uncached, attention, tpotTargetMs, nowNanos, prefill);
        pending.addLast(dispatch);
        if (tpotTargetMs < Double.POSITIVE_INFINITY) {
            tpotTargets.merge(tpotTargetMs, 1, Integer::sum);
        }
        pendingTokens += uncached;
        pendingAttention += attention;
        rate = rateAt(rate, rateNanos, nowNanos) + uncached / (RATE_WINDOW_NANOS * 1e-9);
        rateNanos = nowNanos;
        publish();
        return dispatch;
    }

    /** Pairs of (token, context token) that a prefill of {@code prompt} tokens computes when {@code cached} are there. */
    public static double attention(long prompt, long cached) {
        return 0.5 * ((double) prompt * prompt - (double) cached * cached);
    }

    /** The exponential average {@code rate} of {@code thenNanos}, seen at {@code nowNanos}. */
    public static double rateAt(double rate, long thenNanos, long nowNanos) {
        return rate == 0 ? 0 : rate * Math.exp(-Math.max(0, nowNanos - thenNanos) / RATE_WINDOW_NANOS);
    }

    synchronized void predicted(Dispatch dispatch, double prefillMs) {
        dispatch.prefillMs = prefillMs >= 0 ? prefillMs : Double.POSITIVE_INFINITY;
        if (pending.peekFirst() == dispatch) {
            publish();
        }
    }

    synchronized void firstToken(Dispatch dispatch, long nowNanos) {
        if (dispatch.phase == Dispatch.Phase.PENDING) {
            settleThrough(dispatch);
            firstTokenNanos = Math.max(firstTokenNanos, nowNanos);
            publish();
        }
    }

    /** Its prefill ended at an unknown time, so this is no progress on the rest of the queue. */
    synchronized void answered(Dispatch dispatch) {
        if (dispatch.phase == Dispatch.Phase.PENDING) {
            settleThrough(dispatch);
            publish();
        }
    }

    /** A pending dispatch and all before it are past their prefill. */
    private void settleThrough(Dispatch dispatch) {
        while (dispatch.phase == Dispatch.Phase.PENDING) {
            Dispatch head = pending.removeFirst();
            leavePending(head);
            head.phase = Dispatch.Phase.DECODING;
            decodingRequests++;
            decodingContext += head.promptTokens;
        }
    }

    synchronized void tokens(Dispatch dispatch, int count) {
        if (dispatch.phase == Dispatch.Phase.DECODING && count > 0) {
            dispatch.outputTokens += count;
            decodingContext += count;
            publish();
        }
    }

    synchronized void end(Dispatch dispatch, long nowNanos) {
        switch (dispatch.phase) {
            case PENDING -> {
                pending.remove(dispatch);
                leavePending(dispatch);
            }
            case DECODING -> {
                decodingRequests--;
                decodingContext -= dispatch.promptTokens + dispatch.outputTokens;
            }
            case ENDED -> {
                return;
            }
        }
        dispatch.phase = Dispatch.Phase.ENDED;
        tpotTargets.computeIfPresent(dispatch.tpotTargetMs, (target, count) -> count == 1 ? null : count - 1);
        publish();
    }

    private void leavePending(Dispatch dispatch) {
        pendingTokens -= dispatch.uncachedTokens;
        pendingAttention = pending.isEmpty() ? 0 : pendingAttention - dispatch.attention;
    }

    private void publish() {
        @Nullable Dispatch head = pending.peekFirst();
        long progress = head == null ? 0 : Math.max(firstTokenNanos, head.dispatchedNanos);
        state = new QueueState(
                pendingTokens,
                Math.max(0, pendingAttention),
                pending.size(),
                progress,
                head == null ? Double.POSITIVE_INFINITY : head.prefillMs,
                decodingRequests,
                decodingContext,
                rate,
                rateNanos,
                tpotTargets.isEmpty() ? Double.POSITIVE_INFINITY : tpotTargets.firstKey());
    }
}
