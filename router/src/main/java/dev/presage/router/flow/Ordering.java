package dev.presage.router.flow;

import dev.presage.router.plugin.Plugin;

/** In which order the requests of one flow go; equal ones by arrival. */
public enum Ordering implements Plugin {
    /** By arrival. */
    FCFS {
        @Override
        double due(Claim claim, double enqueuedMs, double ttlMs) {
            return enqueuedMs;
        }
    },

    /** By the end of the time that each may wait. */
    EDF {
        @Override
        double due(Claim claim, double enqueuedMs, double ttlMs) {
            return enqueuedMs + ttlMs;
        }
    },

    /** By the TTFT that clients ask for, counted from when the request came; those without one go last. */
    SLO_DEADLINE {
        @Override
        double due(Claim claim, double enqueuedMs, double ttlMs) {
            return claim.sloTtftMs() > 0 ? claim.receivedNanos() * 1e-6 + claim.sloTtftMs() : Double.MAX_VALUE;
        }
    },

    /**
     * By the latest moment at which a request must be sent to have its first token in time, as predicted. One that has missed
     * it goes behind all that have not: it is late already, they need not be.
     */
    PREDICTED_FINISH {
        @Override
        double due(Claim claim, double enqueuedMs, double ttlMs) {
            double deadline =
                    claim.sloTtftMs() > 0 ? claim.receivedNanos() * 1e-6 + claim.sloTtftMs() : enqueuedMs + ttlMs;
            return deadline - claim.firstTokenMs();
        }

        @Override
        boolean forgoes(double due, double nowMs) {
            return due < nowMs;
        }
    },

    /**
     * By arrival, except that a request whose prompt an endpoint with room holds goes before those for whom it would be computed
     * anew, so that what is cached is used before it is displaced and requests with the same beginning follow each other. Nobody is
     * passed for longer than {@link #passNanos}, and nobody who asks for a TTFT.
     */
    WARM_FIRST {
        @Override
        double due(Claim claim, double enqueuedMs, double ttlMs) {
            return enqueuedMs;
        }

        @Override
        long passNanos() {
            return 10_000_000_000L;
        }
    };

    /** How long a request may see others of its flow pass. */
    long passNanos() {
        return 0;
    }

    /** Lower goes first; milliseconds of the nano clock where it is a time. */
    abstract double due(Claim claim, double enqueuedMs, double ttlMs);

    /** Whether a request that was due then has lost its place. */
    boolean forgoes(double due, double nowMs) {
        return false;
    }
}
