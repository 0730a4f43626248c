package dev.presage.router.kafka;

import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes producers for the event log: idempotent, acked by all replicas, and quick to admit that the broker is away. */
final class KafkaProducers {
    private static final Map<String, Object> OWN = Map.of(
            ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true,
            ProducerConfig.LINGER_MS_CONFIG, 20,
            ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10,
            ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4",
            ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 6_000,
            ProducerConfig.BUFFER_MEMORY_CONFIG, 32L << 20);

    private KafkaProducers() {}

    /** {@code connection} says where Kafka is and how to log in; what delivery rests on is set over it. */
    static Supplier<Producer<byte[], byte[]>> of(Properties connection) {
        Properties properties = new Properties();
        properties.putAll(connection);
        properties.putAll(OWN);
        return () -> new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
