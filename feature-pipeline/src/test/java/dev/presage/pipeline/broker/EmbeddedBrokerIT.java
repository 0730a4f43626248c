package dev.presage.pipeline.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.topics.Decoded;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.Topic;
import dev.presage.pipeline.topics.TopicCreator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void topicsAndRecordsSurviveARestart() throws Exception {
        int port;
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(directory, 0))) {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
            port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
            assertEquals(List.of(Topic.values()), TopicCreator.createMissing(connection, TIMEOUT));
            send(connection, "r1");
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(directory, port))) {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
            assertEquals(List.of(), TopicCreator.createMissing(connection, TIMEOUT));
            assertEquals("r1", firstRequestId(connection));
        }
    }

    @Test
    void aTakenPortIsRefusedWithItsNumber() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(directory.resolve("a"), 0))) {
            int taken = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
            var second = BrokerSettings.of(directory.resolve("b"), taken);
            var refusal = assertThrows(BrokerStartException.class, () -> EmbeddedBroker.start(second));
            assertTrue(refusal.toString().contains("port " + taken), refusal.toString());
        }
    }

    private static void send(KafkaConnection connection, String id) throws Exception {
        var event =
                OutcomeEvent.newBuilder().setSchemaVersion(1).setRequestId(id).build();
        Properties properties = connection.properties("test-producer");
        properties.put("acks", "all");
        try (var producer =
                new KafkaProducer<>(properties, new StringSerializer(), EventFormat.OUTCOMES.serializer())) {
            producer.send(EventFormat.OUTCOMES.record(event)).get();
        }
    }

    private static String firstRequestId(KafkaConnection connection) {
        Properties properties = connection.properties("test-consumer");
        properties.put("auto.offset.reset", "earliest");
        try (var consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), EventFormat.OUTCOMES.deserializer())) {
            String topic = Topic.OUTCOMES.topicName();
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList());
            for (int i = 0; i < 30; i++) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    return switch (record.value()) {
                        case Decoded.Event(OutcomeEvent event) -> event.getRequestId();
                        case Decoded.Undecodable(String reason) -> reason;
                    };
                }
            }
        }
        return "nothing";
    }
}
