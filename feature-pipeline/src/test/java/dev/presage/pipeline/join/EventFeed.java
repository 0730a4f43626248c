package dev.presage.pipeline.join;

import com.google.protobuf.Message;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes events to a real Kafka, copies included. */
final class EventFeed implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer;
    private final Queue<Exception> lost = new ConcurrentLinkedQueue<>();

    EventFeed(KafkaConnection connection) {
        Properties properties = connection.producerProperties("test-router");
        producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    <T extends Message> void send(EventFormat<T> format, T event) {
        var record = format.record(event);
        producer.send(new ProducerRecord<>(record.topic(), record.key(), format.encode(event)), (written, failure) -> {
            if (failure != null) {
                lost.add(failure);
            }
        });
    }

    /** Returns when everything is written. */
    void flush() {
        producer.flush();
        if (!lost.isEmpty()) {
            throw new AssertionError(lost.size() + " events were not written", lost.peek());
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
