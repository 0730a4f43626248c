package dev.presage.pipeline.join;

import com.google.protobuf.Message;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes events to a real Kafka, copies included. */
final class EventFeed implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer;

    EventFeed(KafkaConnection connection) {
        Properties properties = connection.properties("test-router");
        properties.put("acks", "all");
        producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    <T extends Message> void send(EventFormat<T> format, T event) {
        var record = format.record(event);
        producer.send(new ProducerRecord<>(record.topic(), record.key(), format.encode(event)));
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
