package dev.presage.router.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves events from the queue to Kafka, by way of the spool while Kafka is away. Every event ends acked, on the spool, or
 * counted as dropped. A state machine driven by {@link #turn}, which only the owner thread calls; producer callbacks only
 * enqueue. Order is kept: nothing overtakes what is on the spool.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    static final long RETRY_NANOS = 1_000_000_000;
    static final long MAX_UNDERWAY_BYTES = 16L << 20;
    private static final int BATCH = 512;

    private record Sent(LogRecord record, @Nullable Replay replay, int index) {}

    private record Result(Sent sent, @Nullable Exception error) {}

    private final EventQueue queue;
    private final EventRecords encoder;
    private final Spool spool;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final LongSupplier nanoClock;
    private final EventLogListener listener;
    private final ConcurrentLinkedQueue<Result> results = new ConcurrentLinkedQueue<>();
    private final Runnable wake;

    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable Replay replay;
    private boolean down;
    private long retryAtNanos;
    private long underwayBytes;

    /** {@code wake} is called from producer threads when there is a result to settle. */
    Delivery(
            EventQueue queue,
            EventRecords encoder,
            Spool spool,
            Supplier<Producer<byte[], byte[]>> producers,
            LongSupplier nanoClock,
            EventLogListener listener,
            Runnable wake) {
        this.queue = queue;
        this.encoder = encoder;
        this.spool = spool;
        this.producers = producers;
        this.nanoClock = nanoClock;
        this.listener = listener;
        this.wake = wake;
    }

    /** Does what can be done now; true when there may be more at once. */
    boolean turn() {
        settle();
        if (reachable()) {
            replaySpool();
        }
        int moved = 0;
        while (moved < BATCH && moveOne()) {
            moved++;
        }
        return moved == BATCH || !results.isEmpty();
    }

    /** The last turn: queue and unacked events go to Kafka within {@code patience}, or else to the spool. */
    void finish(Duration patience) {
        settle();
        while (moveOne()) {
            settle();
        }
        closeProducer(patience);
        settle();
    }

    private boolean moveOne() {
        Event event = queue.poll();
        if (event == null) {
            return false;
        }
        LogRecord record;
        try {
            record = encoder.encode(event);
        } catch (RuntimeException e) {
            LOG.error("an event cannot be written as a record", e);
            listener.dropped(DropReason.REFUSED);
            return true;
        }
        Producer<byte[], byte[]> open = producer;
        if (open != null && !down && caughtUp() && underwayBytes < MAX_UNDERWAY_BYTES) {
            send(open, new Sent(record, null, 0));
            settle();
        } else {
            toSpool(record);
        }
        return true;
    }

    /** Whether everything on the spool is acked or at least ahead in the producer's order. */
    private boolean caughtUp() {
        Replay current = replay;
        return spool.segments() == 0 || (current != null && current.isAllSent() && spool.segments() == 1);
    }

    private boolean reachable() {
        if (down && nanoClock.getAsLong() - retryAtNanos < 0) {
            return false;
        }
        if (producer == null) {
            try {
                producer = producers.get();
            } catch (KafkaException e) {
                away(e);
                return false;
            }
        }
        down = false;
        return true;
    }

    private void replaySpool() {
        Replay current = replay == null ? nextReplay() : replay;
        Producer<byte[], byte[]> open = producer;
        if (current == null || open == null || current.isAllSent() || !current.isIdle()) {
            return;
        }
        for (int i = 0; i < current.records().size(); i++) {
            if (!current.isDone(i)) {
                current.sending();
                send(open, new Sent(current.records().get(i), current, i));
                settle();
                if (down) {
                    return;
                }
            }
        }
        current.allSent();
        finishReplay();
    }

    private @Nullable Replay nextReplay() {
        Path file = spool.oldest();
        if (file == null) {
            return null;
        }
        try {
            SegmentFile.Content content = SegmentFile.read(file);
            if (content.torn()) {
                LOG.warn("{} ends in a torn frame", file);
                listener.dropped(DropReason.TORN);
            }
            replay = new Replay(content.records());
        } catch (IOException e) {
            LOG.error("cannot read {}; its events are lost", file, e);
            listener.dropped(DropReason.SPOOL_FAILED);
            replay = new Replay(List.of());
        }
        return replay;
    }

    private void finishReplay() {
        Replay current = replay;
        if (current == null || !current.isFinished()) {
            return;
        }
        replay = null;
        try {
            spool.removeOldest();
        } catch (IOException e) {
            LOG.error("cannot delete a replayed spool file; its events will be sent again", e);
        }
    }

    private void send(Producer<byte[], byte[]> open, Sent sent) {
        LogRecord record = sent.record();
        underwayBytes += record.bytes();
        try {
            open.send(new ProducerRecord<>(record.kind().topic(), record.key(), record.value()), (metadata, error) -> {
                results.add(new Result(sent, error));
                wake.run();
            });
        } catch (ApiException e) {
            results.add(new Result(sent, e));
        } catch (RuntimeException e) {
            results.add(new Result(sent, e));
            closeProducer(Duration.ZERO);
        }
    }

    private void settle() {
        for (Result result = results.poll(); result != null; result = results.poll()) {
            underwayBytes -= result.sent().record().bytes();
            Exception error = result.error();
            boolean finished = error == null || isRefusal(error);
            if (error == null) {
                listener.acked();
            } else if (finished) {
                LOG.error("Kafka refuses an event: {}", error.toString());
                listener.dropped(DropReason.REFUSED);
            } else {
                away(error);
            }
            Replay origin = result.sent().replay();
            if (origin != null) {
                origin.ended(result.sent().index(), finished);
            } else if (!finished) {
                toSpool(result.sent().record());
            }
        }
        finishReplay();
    }

    private static boolean isRefusal(Exception error) {
        return error instanceof RecordTooLargeException || error instanceof SerializationException;
    }

    private void away(Exception error) {
        if (!down) {
            LOG.warn("Kafka is away, events go to the spool: {}", KafkaProducers.reason(error));
        }
        down = true;
        retryAtNanos = nanoClock.getAsLong() + RETRY_NANOS;
    }

    private void toSpool(LogRecord record) {
        try {
            if (spool.append(record)) {
                listener.spooled();
            } else {
                listener.dropped(DropReason.SPOOL_FULL);
            }
        } catch (IOException e) {
            LOG.error("cannot write to the spool: {}", e.toString());
            listener.dropped(DropReason.SPOOL_FAILED);
        }
    }

    private void closeProducer(Duration patience) {
        Producer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            try {
                open.close(patience);
            } catch (KafkaException e) {
                LOG.warn("closing the producer: {}", e.toString());
            }
        }
    }
}
