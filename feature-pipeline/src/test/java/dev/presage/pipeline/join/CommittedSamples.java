package dev.presage.pipeline.join;

import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.Decoded;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the samples topic with a plain consumer, committed records only. */
final class CommittedSamples implements AutoCloseable {
    private final KafkaConsumer<String, Decoded<Sample>> consumer;
    private final List<String> ids = new ArrayList<>();

    CommittedSamples(KafkaConnection connection) {
        Properties properties = connection.properties("test-reader");
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        consumer = new KafkaConsumer<>(properties, new StringDeserializer(), EventFormat.SAMPLES.deserializer());
        String topic = Topic.SAMPLES.topicName();
        consumer.assign(consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList());
    }

    /** Reads until {@code count} samples are there or the generous timeout is over; the request ids in order of arrival. */
    List<String> await(int count) {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (ids.size() < count && System.nanoTime() < deadline) {
            poll(Duration.ofMillis(500));
        }
        return List.copyOf(ids);
    }

    void poll(Duration patience) {
        consumer.poll(patience).forEach(record -> {
            switch (record.value()) {
                case Decoded.Event(Sample sample) -> ids.add(sample.getRequestId());
                case Decoded.Undecodable(String reason) -> throw new AssertionError(reason);
            }
        });
    }

    @Override
    public void close() {
        consumer.close();
    }
}
