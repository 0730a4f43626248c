package dev.presage.router.flow;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Held;
import dev.presage.router.predict.CandidateMatrix;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who is told what becomes of a request: whether it goes or not, once, on flow control's thread; must not block. */
public interface Answer {
    /**
     * It is to be routed now among these, so that what it takes is accounted for when this returns.
     *
     * @return where it went, null when it could not be routed or its client is gone
     */
    @Nullable
    Endpoint go(Predicate<Endpoint> among);

    /** The same for a request whose candidates were looked at this moment, and which may have been held before. */
    default @Nullable Endpoint go(Predicate<Endpoint> among, CandidateMatrix seen, Held held) {
        return go(among);
    }

    /** It was sent, and is to be taken back to make room. Nothing happens if it has ended meanwhile. */
    default void takeBack() {}

    /** It is not let in; the decision says what its client is told. */
    void turnedAway(Decision decision);
}
