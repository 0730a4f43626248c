package dev.presage.router.flow;

import java.util.Set;

/** Says where a request could go now. Asked by the thread that owns the queues; must not block. */
@FunctionalInterface
public interface Space<T> {
    /**
     * @param ceiling the saturation up to which its priority may fill an endpoint
     * @param withheld endpoints that a request before it waits for
     */
    Sight look(T what, double ceiling, Set<String> withheld);

    /** The largest share of its prompt that one of these endpoints is believed to hold, 0 to 1. */
    default double warmth(T what, Set<String> room) {
        return 0;
    }

    /** One more was sent to that endpoint, whose signals are of {@code scrapedAtNanos}. */
    default void sent(String endpointId, long scrapedAtNanos) {}
}
