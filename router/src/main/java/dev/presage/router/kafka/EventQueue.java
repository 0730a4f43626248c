package dev.presage.router.kafka;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Many producers, one consumer; bounded by count and by weight; neither side ever waits. */
final class EventQueue {
    private final int maxEvents;
    private final long maxWeight;
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong weight = new AtomicLong();
    private volatile boolean closed;

    EventQueue(int maxEvents, long maxWeight) {
        this.maxEvents = maxEvents;
        this.maxWeight = maxWeight;
    }

    enum Offer {
        TAKEN,
        FULL,
        CLOSED
    }

    Offer offer(Event event) {
        if (closed) {
            return Offer.CLOSED;
        }
        int queued = count.incrementAndGet();
        long held = weight.addAndGet(event.weight());
        if (queued > maxEvents || held > maxWeight) {
            release(event);
            return Offer.FULL;
        }
        events.add(event);
        if (closed && events.remove(event)) {
            release(event);
            return Offer.CLOSED;
        }
        return Offer.TAKEN;
    }

    private void release(Event event) {
        count.decrementAndGet();
        weight.addAndGet(-event.weight());
    }

    @Nullable
    Event poll() {
        Event event = events.poll();
        if (event != null) {
            release(event);
        }
        return event;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /** Refuses from now on; what was taken before can still be polled. */
    void close() {
        closed = true;
    }
}
