package dev.presage.router.kafka;

import dev.presage.pipeline.eventlog.FlightLog;
import dev.presage.pipeline.eventlog.LogConsumer;
import dev.presage.pipeline.eventlog.LogPosition;
import dev.presage.pipeline.proto.FlightEvent;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.router.peer.Flight;
import dev.presage.router.peer.PeerFlights;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other routers of the pool of this one's requests, and listens to theirs. {@link #accept} costs an enqueue; one thread, owned
 * here, sends. News is worth nothing later, so it is never spooled or sent again: while Kafka is away it is dropped, beyond {@value
 * #MAX_QUEUED} pieces too.
 */
public final class PeerLog implements Consumer<Flight>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLog.class);
    private static final int MAX_QUEUED = 1 << 14;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final long PAUSE_MS = 1_000;

    private final BlockingQueue<Flight> queue = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final KafkaConnection connection;
    private final FlightRecords records;
    private final FlightLog others;
    private final Thread sender;
    private volatile boolean closing;

    private PeerLog(KafkaConnection connection, FlightRecords records, PeerFlights peers, Runnable following) {
        this.connection = connection;
        this.records = records;
        others = FlightLog.follow(connection, new LogConsumer<>() {
            @Override
            public void onRecord(FlightEvent event, LogPosition position) {
                records.read(event).ifPresent(peers::heard);
            }

            @Override
            public void onCaughtUp() {
                following.run();
            }
        });
        sender = Thread.ofPlatform().name("presage-peer-log").daemon().unstarted(this::run);
    }

    /** Starts; Kafka need not be there. */
    public static PeerLog start(KafkaConnection connection, String routerId, String pool, PeerFlights peers) {
        return start(connection, routerId, pool, peers, () -> {});
    }

    /** The same; {@code following} is called once when the others' news is followed from then on. */
    static PeerLog start(
            KafkaConnection connection, String routerId, String pool, PeerFlights peers, Runnable following) {
        String life = routerId + "_" + UUID.randomUUID();
        PeerLog log = new PeerLog(connection, new FlightRecords(life, pool), peers, following);
        log.sender.start();
        return log;
    }

    @Override
    public void accept(Flight flight) {
        // A full queue is an outage: the others see the scraped queue instead.
        boolean unused = queue.offer(flight);
    }

    private void run() {
        String said = ""; // an outage is complained of once
        while (!closing) {
            try (Producer<String, FlightEvent> producer =
                    new KafkaProducer<>(properties(), new StringSerializer(), EventFormat.FLIGHTS.serializer())) {
                while (!closing) {
                    producer.send(EventFormat.FLIGHTS.record(records.write(queue.take())));
                    said = "";
                }
            } catch (InterruptedException e) {
                return;
            } catch (KafkaException e) {
                String reason = KafkaProducers.reason(e);
                if (!reason.equals(said)) {
                    LOG.warn("other routers are not told of requests for now: {}", reason);
                    said = reason;
                }
                queue.clear();
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    private Properties properties() {
        Properties properties = connection.properties("presage-peer-log");
        properties.put(ProducerConfig.ACKS_CONFIG, "1");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        properties.put(ProducerConfig.RETRIES_CONFIG, 0);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2_000);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L << 20);
        return properties;
    }

    /** Tells no more and listens no more. */
    @Override
    public void close() {
        closing = true;
        sender.interrupt();
        others.close();
        try {
            if (!sender.join(CLOSE_PATIENCE)) {
                LOG.warn("the peer log did not end within {}", CLOSE_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
