package dev.presage.router.prefix;

import org.jspecify.annotations.Nullable;

/** That an endpoint holds a run, or room that its output takes: a link of one of its holder's lists. Used again. */
final class Holding {
    final HeldRuns holder;
    /** Null of output, which no prompt will match. */
    @Nullable
    Run run;
    /** Of output. */
    int anonymous;
    /** Requests in flight that need it. */
    int users;
    /** Runs behind this one that the same endpoint holds. */
    int followed;

    @Nullable
    Holding older;

    @Nullable
    Holding newer;
    /** In the list of what nobody uses. */
    boolean idle;
    /** One of the next to go. */
    boolean leaving;

    Holding(HeldRuns holder) {
        this.holder = holder;
    }

    int blocks() {
        return run == null ? anonymous : run.length;
    }
}
