package dev.presage.pipeline.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicCreatorIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private EmbeddedBroker broker;
    private KafkaConnection connection;
    private Admin admin;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start(BrokerSettings.of(directory, 0));
        connection = KafkaConnection.to(broker.bootstrapServers());
        admin = Admin.create(connection.properties("test-admin"));
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void modelsAreCompactedAndTheRestIsBounded() throws Exception {
        TopicCreator.createMissing(connection, TIMEOUT);
        assertEquals("compact", setting(Topic.MODELS, "cleanup.policy"));
        for (Topic topic : List.of(Topic.DECISIONS, Topic.OUTCOMES, Topic.SAMPLES)) {
            assertEquals("delete", setting(topic, "cleanup.policy"));
            assertTrue(Long.parseLong(setting(topic, "retention.bytes")) > 0);
            assertTrue(Long.parseLong(setting(topic, "retention.ms")) > 0);
        }
    }

    @Test
    void aMissingPartnerTakesTheOthersPartitionCount() throws Exception {
        create(Topic.DECISIONS, 2);
        TopicCreator.createMissing(connection, TIMEOUT);
        assertEquals(2, partitions(Topic.OUTCOMES));
        assertEquals(2, partitions(Topic.DECISIONS));
    }

    @Test
    void partnersThatCannotBeJoinedAreRefusedWithTheirCounts() throws Exception {
        create(Topic.DECISIONS, 2);
        create(Topic.OUTCOMES, 3);
        var refusal = assertThrows(IllegalStateException.class, () -> TopicCreator.createMissing(connection, TIMEOUT));
        assertTrue(refusal.toString().contains("has 2 partitions"), refusal.toString());
    }

    @Test
    void noKafkaIsAFailureWithinTheTimeout() {
        KafkaConnection nowhere = KafkaConnection.to("127.0.0.1:1");
        assertThrows(KafkaException.class, () -> TopicCreator.createMissing(nowhere, Duration.ofMillis(300)));
    }

    private void create(Topic topic, int partitions) throws Exception {
        NewTopic request = new NewTopic(topic.topicName(), Optional.of(partitions), Optional.empty());
        admin.createTopics(List.of(request)).all().get();
    }

    private int partitions(Topic topic) throws Exception {
        return admin.describeTopics(List.of(topic.topicName()))
                .allTopicNames()
                .get()
                .values()
                .iterator()
                .next()
                .partitions()
                .size();
    }

    private String setting(Topic topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName());
        var configs = admin.describeConfigs(List.of(resource)).all().get();
        return configs.values().iterator().next().get(name).value();
    }
}
