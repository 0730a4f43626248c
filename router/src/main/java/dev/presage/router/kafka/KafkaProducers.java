package dev.presage.router.kafka;

import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes producers for the event log: idempotent, acked by all replicas, and quick to admit that the broker is away. Creates
 * the topics first, for the router may be the first to come; a broker that forbids that only costs a warning.
 */
final class KafkaProducers implements Supplier<Producer<byte[], byte[]>> {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaProducers.class);
    private static final Duration TOPICS_TIMEOUT = Duration.ofSeconds(2);
    private static final Map<String, Object> OWN = Map.of(
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.BATCH_SIZE_CONFIG,
            128 << 10,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            1_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            3_000,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            6_000,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            32L << 20);

    private final KafkaConnection connection;
    /** The last complaint: an outage asks again every second. */
    private String said = "";

    KafkaProducers(KafkaConnection connection) {
        this.connection = connection;
    }

    /** A producer to a broker that answered just now; throws {@link KafkaException} while there is none. */
    @Override
    public Producer<byte[], byte[]> get() {
        try {
            TopicCreator.createMissing(connection, TOPICS_TIMEOUT);
            said = "";
        } catch (TimeoutException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            String reason = reason(e);
            if (!reason.equals(said)) {
                LOG.warn("topics are taken as they are: {}", reason);
                said = reason;
            }
        }
        Properties properties = connection.producerProperties("presage-event-log");
        properties.putAll(OWN);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** What a client's "failed to construct" is about. */
    static String reason(Exception e) {
        return String.valueOf(e.getCause() == null ? e : e.getCause());
    }
}
