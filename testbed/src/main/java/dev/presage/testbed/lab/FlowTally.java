package dev.presage.testbed.lab;

import dev.presage.router.flow.Hold;
import dev.presage.router.program.Stay;

/** Counts what becomes of the requests of a run. */
interface FlowTally {
    default void arrived(Arrival arrival) {}

    /** It waits in the queues. */
    default void waits(Arrival arrival, double nowMs) {}

    /** It waited and is sent. */
    default void sent(Arrival arrival, double nowMs) {}

    /** It had been held for a warm endpoint for that long, and is sent. */
    default void held(Hold.End end, double heldMs) {}

    /** A request is routed that may belong to a program. */
    default void stayed(Arrival arrival, Stay stay) {}

    /** It was not let in. */
    default void turnedAway(Arrival arrival) {}

    /** It waited for too long. */
    default void expired(Arrival arrival, double nowMs) {
        turnedAway(arrival);
    }

    default void firstToken(Arrival arrival, int cachedTokens, double nowMs) {}

    /** One token of its answer, the first one too. */
    default void token(Arrival arrival, double nowMs) {}

    /** An engine was at work. */
    default void worked(double sinceMs, double untilMs) {}

    default void finished(Arrival arrival, double nowMs) {}
}
