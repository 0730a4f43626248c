package dev.presage.router.observe;

import dev.presage.router.fleet.Dispatch;
import dev.presage.router.fleet.EndpointTwin;
import dev.presage.router.pick.Decision;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One routed request from dispatch to end. The adapter that carries its reply calls it, one thread at a time; {@link #end} may
 * come from any thread and counts once. Accounting is settled whatever happens.
 *
 * <p>TTFT runs from dispatch to the first streamed token of a reply that is no error; TPOT is the time from that token to the
 * last one, divided by one less than the output tokens.
 */
public final class Exchange {
    private static final double NANOS_PER_MS = 1e6;
    private static final long FIRST = -1;
    private static final long NOTHING = -2;

    private final Decision.Routed decision;
    private Dispatch dispatch;
    private final LongSupplier nanoClock;
    private final InstantSource wallClock;
    private final List<RoutingListener> listeners;
    private final Books books;
    private final long dispatchedNanos;
    private final long dispatchedAtMs;

    private int status;
    private boolean streaming;
    private long firstTokenNanos = Long.MIN_VALUE;
    private long lastTokenNanos;
    private int seenTokens;
    private String servedBy;
    private Usage usage = Usage.UNKNOWN;
    private boolean ended;

    /** What the picker learns of one exchange, on the thread that tells the exchange; must not block. */
    public interface Books {
        /** The first token came, from {@code servedBy}. */
        default void firstToken(Decision.Routed decision, String servedBy, double ttftMs) {}

        /** It is over; called before the listeners. */
        void settled(Outcome outcome);

        /**
         * It went to another endpoint, {@code address}, than the chosen one, which has it in flight no longer.
         *
         * @return its dispatch there
         */
        default Dispatch moved(Decision.Routed decision, String address, long nowNanos) {
            return new EndpointTwin().dispatch(decision.candidates().request().promptTokens(), 0, nowNanos);
        }
    }

    /** Made by the picker at dispatch. */
    public Exchange(
            Decision.Routed decision,
            Dispatch dispatch,
            LongSupplier nanoClock,
            InstantSource wallClock,
            List<RoutingListener> listeners,
            Books books) {
        this.decision = decision;
        this.dispatch = dispatch;
        this.nanoClock = nanoClock;
        this.wallClock = wallClock;
        this.listeners = listeners;
        this.books = books;
        this.dispatchedNanos = nanoClock.getAsLong();
        this.dispatchedAtMs = wallClock.millis();
        this.servedBy = decision.endpoint().address();
    }

    public Decision.Routed decision() {
        return decision;
    }

    /** The response headers came; {@link #servedBy} is called before. */
    public void responseStarted(int httpStatus, boolean isStreaming) {
        String server;
        synchronized (this) {
            status = httpStatus;
            streaming = isStreaming;
            server = servedBy;
        }
        for (RoutingListener listener : listeners) {
            listener.answered(decision, server, httpStatus, dispatchedNanos);
        }
    }

    /** The gateway answered in the endpoint's stead, so that the reply says nothing of the endpoint. */
    public synchronized void answeredByGateway(int httpStatus) {
        status = httpStatus;
    }

    /** The gateway says who really answered. If it is not who was chosen, the request is in flight there from now on. */
    public synchronized void servedBy(String address) {
        String server = decision.isChosen(address) ? decision.endpoint().address() : address;
        if (ended || server.equals(servedBy)) {
            return;
        }
        servedBy = server;
        long now = nanoClock.getAsLong();
        dispatch.end(now);
        dispatch = books.moved(decision, server, now);
    }

    /**
     * {@code count} more streamed tokens arrived at {@code arrivedNanos}, the nano clock read when the message came in, before
     * any queue. The first call is the first token. Ignored unless the reply is streamed and no error.
     */
    public void streamedTokens(int count, long arrivedNanos) {
        long sinceLast = tokens(count, arrivedNanos);
        if (sinceLast == NOTHING) {
            return;
        }
        for (RoutingListener listener : listeners) {
            if (sinceLast == FIRST) {
                listener.firstToken(decision);
            } else {
                listener.token(decision, sinceLast);
            }
        }
    }

    /** Time per token since the ones before, or {@link #FIRST}, or {@link #NOTHING} when these do not count. */
    private synchronized long tokens(int count, long arrivedNanos) {
        if (ended || count <= 0 || !streaming || status >= 300) {
            return NOTHING;
        }
        long sinceLast = FIRST;
        if (firstTokenNanos == Long.MIN_VALUE) {
            firstTokenNanos = arrivedNanos;
            dispatch.firstToken(arrivedNanos);
            books.firstToken(decision, servedBy, (arrivedNanos - dispatchedNanos) / NANOS_PER_MS);
        } else {
            sinceLast = Math.max(0, arrivedNanos - lastTokenNanos) / count;
        }
        lastTokenNanos = arrivedNanos;
        seenTokens += count;
        dispatch.tokens(count);
        return sinceLast;
    }

    /** The engine reported its token counts. */
    public synchronized void usage(Usage reported) {
        usage = reported;
    }

    /** The request ended; later calls do nothing. */
    public void end(EndCause cause) {
        Outcome outcome;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            long now = nanoClock.getAsLong();
            if (cause == EndCause.COMPLETED && status >= 200 && status < 300) {
                dispatch.answered();
            }
            dispatch.end(now);
            outcome = outcome(cause, now);
        }
        books.settled(outcome);
        for (RoutingListener listener : listeners) {
            listener.ended(outcome);
        }
    }

    private Outcome outcome(EndCause cause, long now) {
        boolean sawFirst = firstTokenNanos != Long.MIN_VALUE;
        Usage counted = usage.outputTokens() > 0 || seenTokens == 0
                ? usage
                : new Usage(usage.promptTokens(), usage.cachedTokens(), seenTokens);
        int tokens = counted.outputTokens();
        @Nullable Double ttft = sawFirst ? (firstTokenNanos - dispatchedNanos) / NANOS_PER_MS : null;
        @Nullable
        Double tpot = sawFirst && tokens > 1 ? (lastTokenNanos - firstTokenNanos) / NANOS_PER_MS / (tokens - 1) : null;
        return new Outcome(
                decision,
                dispatchedAtMs,
                wallClock.millis(),
                streaming,
                status,
                cause,
                servedBy,
                ttft,
                tpot,
                (now - dispatchedNanos) / NANOS_PER_MS,
                counted);
    }
}
