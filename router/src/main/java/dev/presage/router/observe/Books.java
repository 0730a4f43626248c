package dev.presage.router.observe;

import dev.presage.router.fleet.Dispatch;
import dev.presage.router.pick.Decision;
import org.jspecify.annotations.Nullable;

/** The accounts that an exchange is settled in. Kept by the picker; called on the thread that carries the reply. */
@FunctionalInterface
public interface Books {
    /** The request ended; it is in flight nowhere any more. Called before the listeners hear of it. */
    void settled(Outcome outcome);

    /**
     * The request went to another endpoint than the chosen one, which has it in flight no longer.
     *
     * @param address {@code ip:port} that serves it
     * @param nowNanos nano clock when this became known
     * @return its dispatch there, null where nothing is known of that endpoint
     */
    default @Nullable Dispatch moved(Decision.Routed decision, String address, long nowNanos) {
        return null;
    }
}
