package dev.presage.pipeline.eventlog;

import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Announces moves of aliases, for the model store. Order of calls is order in the log. Thread-safe; {@link #close} ends the
 * producer's thread.
 */
public final class AliasWriter implements AutoCloseable {
    private final KafkaProducer<String, AliasMoved> producer;

    private AliasWriter(KafkaProducer<String, AliasMoved> producer) {
        this.producer = producer;
    }

    /**
     * Opens a writer; Kafka need not be there yet.
     *
     * @param timeout how long {@link #publish} tries before it fails
     */
    public static AliasWriter open(KafkaConnection connection, Duration timeout) {
        int timeoutMs = Math.toIntExact(timeout.toMillis());
        Properties properties = connection.producerProperties("presage-alias-writer");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMs);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMs);
        return new AliasWriter(
                new KafkaProducer<>(properties, new StringSerializer(), EventFormat.MODELS.serializer()));
    }

    /**
     * Writes a move and returns when all in-sync replicas have it.
     *
     * @throws KafkaException if it could not be written in time; it may have been all the same
     * @throws IllegalArgumentException if pool, alias or schema version is missing
     */
    public LogPosition publish(AliasMoved moved) throws InterruptedException {
        EventFormat.MODELS.encode(moved);
        try {
            RecordMetadata written =
                    producer.send(EventFormat.MODELS.record(moved)).get();
            return new LogPosition(written.partition(), written.offset());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
