package dev.presage.router.flow;

import dev.presage.router.pick.Held;
import dev.presage.router.predict.CandidateMatrix;

/**
 * One request held back although there was room, because a warm endpoint would answer sooner, or a program for want of KV cache.
 *
 * @param endpoint what it is held for: its id, or what begins with {@link #KV}
 * @param gainMs what that was predicted to gain, those held before it taken into account
 * @param ownMs the time that its own prefill would take there
 * @param fromNanos since when
 * @param untilNanos till when at most
 */
public record Hold(String endpoint, double gainMs, double ownMs, long fromNanos, long untilNanos) {
    /** What a new program is held for: KV cache for its context, on any endpoint. */
    public static final String KV = "kv-cache";

    /** The same for a step whose context was displaced at its home; these do not wait behind new programs. */
    static String kvAfter(String home) {
        return KV + " after " + home;
    }

    public Hold {
        if (!(gainMs > 0 && ownMs >= 0) || untilNanos < fromNanos) {
            throw new IllegalArgumentException("gainMs " + gainMs + ", ownMs " + ownMs + " and " + fromNanos + ".."
                    + untilNanos + " ns are no hold");
        }
    }

    /** How a hold ended. */
    public enum End {
        /** The endpoint has room. */
        FREED("freed"),
        /** Waiting longer would gain nothing any more. */
        NO_GAIN("no-gain"),
        /** It had been held for as long as it may. */
        OVER("over");

        private final String label;

        End(String label) {
            this.label = label;
        }

        /** Value of the metric's label. */
        public String label() {
            return label;
        }
    }

    /** For the receipt of a request that is sent now with this in sight. */
    Held over(Sight sight, CandidateMatrix candidates, long nowNanos) {
        int at = candidates.place(endpoint);
        String waitedFor = endpoint.startsWith(KV) ? KV : endpoint;
        return new Held(
                at < 0 ? waitedFor : candidates.state(at).endpoint().address(),
                endedBy(sight, nowNanos).label(),
                lastedNanos(nowNanos) * 1e-6);
    }

    /** How long it lasted if the request is sent now. */
    public long lastedNanos(long nowNanos) {
        return Math.min(nowNanos, untilNanos) - fromNanos;
    }

    /** How it ended for a request that is sent with this in sight. */
    public End endedBy(Sight sight, long nowNanos) {
        if (nowNanos >= untilNanos) {
            return End.OVER;
        }
        return endpoint.startsWith(KV) || sight instanceof Sight.Room(var room) && room.contains(endpoint)
                ? End.FREED
                : End.NO_GAIN;
    }
}
