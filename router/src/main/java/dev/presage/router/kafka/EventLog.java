package dev.presage.router.kafka;

import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every decision and outcome to Kafka. The calls of {@link RoutingListener} cost an enqueue and never wait; one thread,
 * owned here, does everything else. {@link #close} hands over what is left, to Kafka or to the spool, and ends the thread.
 */
public final class EventLog implements RoutingListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final Duration FLUSH_PATIENCE = Duration.ofSeconds(3);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    private static final long IDLE_NANOS = 100_000_000;

    private final EventQueue queue;
    private final EventRecords records;
    private final EventLogListener listener;
    private final Spool spool;
    private final Thread owner;
    private final AtomicBoolean idle = new AtomicBoolean();
    private volatile boolean closing;

    private EventLog(
            EventLogSettings settings,
            Supplier<Producer<byte[], byte[]>> producers,
            LongSupplier nanoClock,
            EventLogListener listener)
            throws IOException {
        this.queue = new EventQueue(settings.maxQueuedEvents(), settings.maxQueuedBytes());
        this.records = new EventRecords(settings.routerId(), settings.pool());
        this.listener = listener;
        this.spool = Spool.open(settings.spoolDirectory(), settings.maxSpoolBytes(), settings.segmentBytes());
        Delivery delivery = new Delivery(queue, records, spool, producers, nanoClock, listener, this::wake);
        this.owner = Thread.ofPlatform().name("presage-event-log").daemon().unstarted(() -> run(delivery));
    }

    /**
     * Opens the spool and starts; Kafka need not be there.
     *
     * @param connection where Kafka is
     * @throws UncheckedIOException if the spool directory cannot be used
     */
    public static EventLog start(
            EventLogSettings settings, KafkaConnection connection, LongSupplier nanoClock, EventLogListener listener) {
        return start(settings, new KafkaProducers(connection), nanoClock, listener);
    }

    static EventLog start(
            EventLogSettings settings,
            Supplier<Producer<byte[], byte[]>> producers,
            LongSupplier nanoClock,
            EventLogListener listener) {
        try {
            EventLog log = new EventLog(settings, producers, nanoClock, listener);
            log.owner.start();
            return log;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the spool " + settings.spoolDirectory(), e);
        }
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        for (Decision.Routed leg : decision.legs()) {
            offer(new Event.Routed(leg, decidedAtMs, tookNanos));
        }
    }

    @Override
    public void ended(Outcome outcome) {
        for (Outcome leg : outcome.legs()) {
            offer(new Event.Ended(records.outcome(leg)));
        }
    }

    private void offer(Event event) {
        switch (queue.offer(event)) {
            case TAKEN -> wake();
            case FULL -> listener.dropped(DropReason.QUEUE_FULL);
            case CLOSED -> listener.dropped(DropReason.CLOSED);
        }
    }

    /** An unpark is a system call when the owner sleeps, so only the first of many callers makes it. */
    private void wake() {
        if (idle.get() && idle.compareAndSet(true, false)) {
            LockSupport.unpark(owner);
        }
    }

    private void run(Delivery delivery) {
        try {
            while (!closing) {
                if (!delivery.turn()) {
                    idle.set(true);
                    if (queue.isEmpty() && !closing) {
                        LockSupport.parkNanos(this, IDLE_NANOS);
                    }
                    idle.set(false);
                }
            }
            delivery.finish(FLUSH_PATIENCE);
        } catch (RuntimeException e) {
            LOG.error("the event log stops: events are dropped from now on", e);
        } finally {
            queue.close();
            while (queue.poll() != null) {
                listener.dropped(DropReason.CLOSED);
            }
            closeSpool();
        }
    }

    private void closeSpool() {
        try {
            spool.close();
        } catch (IOException e) {
            LOG.warn("closing the spool: {}", e.toString());
        }
    }

    /** Bytes that wait on disk for Kafka. */
    public long spoolBytes() {
        return spool.bytes();
    }

    /** Takes no more events, delivers or spools the rest and ends the thread. */
    @Override
    public void close() {
        queue.close();
        closing = true;
        LockSupport.unpark(owner);
        try {
            if (!owner.join(CLOSE_PATIENCE)) {
                LOG.warn("the event log did not end within {}", CLOSE_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
