package dev.presage.router.eject;

/**
 * Where an endpoint stands. Changed only by {@link EjectionRules}; immutable. Times are of the injected nano clock.
 */
sealed interface Standing {
    /** Nothing bad is remembered. */
    InRotation GOOD = new InRotation(0, 0);

    /**
     * Requests go there.
     *
     * @param ejections how often it was ejected lately; they make the next back-off longer
     * @param sinceNanos since when, meaningless without ejections
     */
    record InRotation(int ejections, long sinceNanos) implements Standing {}

    /**
     * No requests go there, until {@code untilNanos}; then one does, as a trial.
     *
     * @param ejections in a row, at least 1
     * @param sinceNanos when it failed
     * @param refused it accepted no connection when it was last scraped
     */
    record Ejected(int ejections, long sinceNanos, long untilNanos, boolean refused) implements Standing {
        public Ejected {
            if (ejections < 1) {
                throw new IllegalArgumentException("ejections " + ejections + " must be at least 1");
            }
        }
    }

    /**
     * One request is on its way there; its answer decides.
     *
     * @param ejections in a row, at least 1
     * @param ejectedNanos when it failed; answers to requests that were sent earlier tell nothing
     * @param startedNanos when the trial began
     */
    record OnTrial(int ejections, long ejectedNanos, long startedNanos) implements Standing {
        public OnTrial {
            if (ejections < 1) {
                throw new IllegalArgumentException("ejections " + ejections + " must be at least 1");
            }
        }
    }
}
