package dev.presage.router.flow;

import dev.presage.router.plugin.Round;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the round of the request that was looked at last, for as long as nothing can have changed much: until one is sent, or for a
 * millisecond. So a request that is let in as it comes is looked at once, not when it is charged, when it is judged and when it is
 * routed. Used by one thread.
 */
final class Glance<T> implements Function<T, Round> {
    private static final long MOMENT_NANOS = 1_000_000;

    private final Function<T, Round> rounds;
    private final LongSupplier nanoClock;
    private @Nullable T of;
    private @Nullable Round seen;
    private long seenNanos;

    Glance(Function<T, Round> rounds, LongSupplier nanoClock) {
        this.rounds = rounds;
        this.nanoClock = nanoClock;
    }

    @Override
    public Round apply(T what) {
        Round known = last(what);
        if (known != null) {
            return known;
        }
        Round made = rounds.apply(what);
        of = what;
        seen = made;
        seenNanos = nanoClock.getAsLong();
        return made;
    }

    /** What is still true of the request; null when it was not looked at this moment. */
    @Nullable
    Round last(T what) {
        return of == what && nanoClock.getAsLong() - seenNanos < MOMENT_NANOS ? seen : null;
    }

    /** One was sent: nothing is as it was. */
    void over() {
        of = null;
        seen = null;
    }
}
