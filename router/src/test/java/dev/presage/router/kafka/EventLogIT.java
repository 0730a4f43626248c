package dev.presage.router.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.topics.Decoded;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogIT {
    private static final int REQUESTS = 200;

    @TempDir
    Path directory;

    private final AtomicInteger dropped = new AtomicInteger();
    private final CountDownLatch someAcked = new CountDownLatch(2 * REQUESTS);
    private final CountDownLatch someSpooled = new CountDownLatch(2 * REQUESTS);
    private final CountDownLatch allAcked = new CountDownLatch(6 * REQUESTS);
    private final EventLogListener listener = new EventLogListener() {
        @Override
        public void acked() {
            someAcked.countDown();
            allAcked.countDown();
        }

        @Override
        public void spooled() {
            someSpooled.countDown();
        }

        @Override
        public void dropped(DropReason why) {
            dropped.incrementAndGet();
        }
    };

    @Test
    void anOutageOfTheBrokerAndARestartOfTheRouterLoseNothing() throws Exception {
        int port;
        EventLogSettings settings = EventLogSettings.of("r", "p", directory.resolve("spool"));
        KafkaConnection connection;
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(directory.resolve("broker"), 0))) {
            connection = KafkaConnection.to(broker.bootstrapServers());
            port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
            try (EventLog log = EventLog.start(settings, connection, System::nanoTime, listener)) {
                requests(log, "before");
                await(someAcked);
                broker.close();
                requests(log, "during");
            }
        }
        try (EventLog log = EventLog.start(settings, connection, System::nanoTime, listener)) {
            requests(log, "restarted");
            await(someSpooled);
            try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(directory.resolve("broker"), port))) {
                await(allAcked);
                Map<String, Integer> seen = decisions(connection);
                assertEquals(3 * REQUESTS, seen.size());
                assertTrue(seen.values().stream().allMatch(count -> count == 1), "written twice");
            }
        }
        assertEquals(0, dropped.get());
    }

    private static void requests(EventLog log, String prefix) {
        Routed routed = new Routed(8, log);
        for (int i = 0; i < REQUESTS; i++) {
            routed.request(prefix + i);
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(90, TimeUnit.SECONDS), latch.getCount() + " left");
    }

    private static Map<String, Integer> decisions(KafkaConnection connection) {
        Map<String, Integer> seen = new HashMap<>();
        try (var consumer = new KafkaConsumer<>(
                connection.properties("test"), new StringDeserializer(), EventFormat.DECISIONS.deserializer())) {
            var partitions = consumer.partitionsFor(Topic.DECISIONS.topicName()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    switch (record.value()) {
                        case Decoded.Event<DecisionEvent>(DecisionEvent event) ->
                            seen.merge(event.getRequestId(), 1, Integer::sum);
                        case Decoded.Undecodable<DecisionEvent>(String reason) -> throw new AssertionError(reason);
                    }
                }
            }
        }
        return seen;
    }
}
