package dev.presage.router.flow;

import dev.presage.router.plugin.Round;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the round of the request that was looked at last, until its owner says that the moment is over. So a request that is let in as
 * it comes is looked at once, not when it is charged, when it is judged and when it is routed. Used by one thread.
 */
final class Glance<T> implements Function<T, Round> {
    private final Function<T, Round> rounds;
    private @Nullable T of;
    private @Nullable Round seen;

    Glance(Function<T, Round> rounds) {
        this.rounds = rounds;
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
        return made;
    }

    /** What is still true of the request; null when it was not looked at this moment. */
    @Nullable
    Round last(T what) {
        return of == what ? seen : null;
    }

    /** One was sent, or time goes by: nothing is as it was. */
    void over() {
        of = null;
        seen = null;
    }
}
