package dev.presage.pipeline.join;

import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.Decoded;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/** The join's topology on a test driver, fed with bytes as Kafka would. */
final class JoinBench implements AutoCloseable {
    static final Duration RETENTION = Duration.ofMinutes(10);
    static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    final JoinCounts counts = new JoinCounts();
    private final TopologyTestDriver driver;
    private final TestInputTopic<String, byte[]> decisions;
    private final TestInputTopic<String, byte[]> outcomes;
    private final TestOutputTopic<String, Decoded<Sample>> samples;

    JoinBench(Path stateDirectory, JoinSettings.Store store) {
        JoinSettings settings =
                JoinSettings.in(stateDirectory).withRetention(RETENTION).withStore(store);
        var properties = StreamsProperties.of(KafkaConnection.to("127.0.0.1:1"), settings);
        driver = new TopologyTestDriver(JoinTopology.build(settings, counts), properties, Instant.ofEpochMilli(START));
        decisions =
                driver.createInputTopic(Topic.DECISIONS.topicName(), new StringSerializer(), new ByteArraySerializer());
        outcomes =
                driver.createInputTopic(Topic.OUTCOMES.topicName(), new StringSerializer(), new ByteArraySerializer());
        samples = driver.createOutputTopic(
                Topic.SAMPLES.topicName(), new StringDeserializer(), EventFormat.SAMPLES.deserializer());
    }

    void decision(DecisionEvent event, long atMs) {
        decisions.pipeInput(event.getRequestId(), event.toByteArray(), atMs);
    }

    void outcome(OutcomeEvent event, long atMs) {
        outcomes.pipeInput(event.getRequestId(), event.toByteArray(), atMs);
    }

    void rawOutcome(String key, byte[] bytes, long atMs) {
        outcomes.pipeInput(key, bytes, atMs);
    }

    /** Moves stream time on by a decision of another request. */
    void time(long atMs) {
        decision(Events.decision("time-" + atMs, atMs).build(), atMs);
    }

    /** The samples written since the last call. */
    List<Sample> samples() {
        return samples.readValuesToList().stream()
                .map(decoded -> ((Decoded.Event<Sample>) decoded).event())
                .toList();
    }

    /** Entries that the stores hold. */
    long remembered() {
        return size(Requests.ENTRIES);
    }

    long aged() {
        return size(Requests.AGES);
    }

    private long size(String store) {
        long count = 0;
        try (var all = driver.getKeyValueStore(store).all()) {
            while (all.hasNext()) {
                all.next();
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() {
        driver.close();
    }
}
