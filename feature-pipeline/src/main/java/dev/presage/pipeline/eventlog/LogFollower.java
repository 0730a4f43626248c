package dev.presage.pipeline.eventlog;

import com.google.protobuf.Message;
import dev.presage.pipeline.topics.Decoded;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that reads one topic for good: outages, missing topics and refusals are waited out, and reading goes on where
 * it stopped. {@link #close} ends the thread. Thread-safe.
 */
final class LogFollower<T extends Message> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
    private static final long PAUSE_MS = 1_000;

    private final KafkaConnection connection;
    private final String name;
    private final EventFormat<T> format;
    private final Predicate<String> wantedKey;
    private final LogConsumer<T> sink;
    private final LogCursor cursor;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Object consumerLock = new Object();
    private @Nullable Consumer<String, Decoded<T>> current;
    private boolean toldCaughtUp;
    private boolean toldOutage;

    LogFollower(
            KafkaConnection connection,
            String name,
            EventFormat<T> format,
            Predicate<String> wantedKey,
            StartFrom start,
            LogConsumer<T> sink) {
        this.connection = connection;
        this.name = name;
        this.format = format;
        this.wantedKey = wantedKey;
        this.sink = sink;
        this.cursor = new LogCursor(format.topic().topicName(), start);
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed.countDown();
        synchronized (consumerLock) {
            if (current != null) {
                current.wakeup();
            }
        }
        try {
            if (Thread.currentThread() != thread) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void run() {
        while (!isClosed()) {
            try (Consumer<String, Decoded<T>> consumer = newConsumer()) {
                expose(consumer);
                follow(consumer);
            } catch (WakeupException e) {
                // Only close wakes the consumer up.
            } catch (KafkaException e) {
                tellOutage(e);
                pause();
            } finally {
                expose(null);
            }
        }
    }

    private void follow(Consumer<String, Decoded<T>> consumer) {
        cursor.assign(consumer);
        while (!isClosed()) {
            for (ConsumerRecord<String, Decoded<T>> record : consumer.poll(LogCursor.POLL)) {
                if (isClosed()) {
                    return;
                }
                deliver(record);
                cursor.passed(record);
            }
            if (!toldCaughtUp && cursor.hasCaughtUp(consumer)) {
                toldCaughtUp = true;
                guarded(sink::onCaughtUp);
            }
            toldOutage = false;
        }
    }

    private void deliver(ConsumerRecord<String, Decoded<T>> record) {
        if (record.key() == null || !wantedKey.test(record.key())) {
            return;
        }
        LogPosition position = new LogPosition(record.partition(), record.offset());
        switch (record.value()) {
            case Decoded.Event<T> decoded -> guarded(() -> sink.onRecord(decoded.event(), position));
            case Decoded.Undecodable<T> bad -> guarded(() -> sink.onUndecodable(bad.reason(), position));
            // A compacted topic's tombstone: the key is gone.
            case null -> {}
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("{}: the consumer failed on a record; it is skipped", name, e);
        }
    }

    private Consumer<String, Decoded<T>> newConsumer() {
        Properties properties = connection.properties(name);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Met when retention or a wiped broker took the records at our position: go on with the oldest there is.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        properties.putIfAbsent(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        return new KafkaConsumer<>(properties, new StringDeserializer(), format.deserializer());
    }

    private void expose(@Nullable Consumer<String, Decoded<T>> consumer) {
        synchronized (consumerLock) {
            current = consumer;
            if (consumer != null && isClosed()) {
                consumer.wakeup();
            }
        }
    }

    private void tellOutage(KafkaException e) {
        if (!toldOutage) {
            LOG.warn("{} waits for {}: {}", name, connection.bootstrapServers(), e.toString());
            toldOutage = true;
        }
    }

    private void pause() {
        try {
            closed.await(PAUSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }
}
