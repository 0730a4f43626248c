package dev.presage.router.prefix;

import org.jspecify.annotations.Nullable;

/** That an endpoint holds a run, or room taken by output, and when it was last used: a link of its holder's list. Used again. */
final class Holding {
    final RunLru holder;
    /** Null of output, which no prompt will match. */
    @Nullable
    Run run;
    /** Of output. */
    int anonymous;
    /** Runs behind this one that the same endpoint holds. */
    int followed;

    @Nullable
    Holding older;

    @Nullable
    Holding newer;

    Holding(RunLru holder) {
        this.holder = holder;
    }

    int blocks() {
        return run == null ? anonymous : run.length;
    }
}
