package dev.presage.pipeline.eventlog;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Where a follower is in all partitions of its topic, kept across consumers so that a new one goes on where the last one
 * broke off. Used by the follower's thread alone.
 */
final class LogCursor {
    /** How long one poll waits for records; close interrupts it. */
    static final Duration POLL = Duration.ofSeconds(1);

    private final String topic;
    private final StartFrom start;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private Map<TopicPartition, Long> goal = Map.of();

    LogCursor(String topic, StartFrom start) {
        this.topic = topic;
        this.start = start;
    }

    /** Assigns every partition and seeks to where reading goes on. */
    void assign(Consumer<?, ?> consumer) {
        var infos = consumer.partitionsFor(topic);
        if (infos == null || infos.isEmpty()) {
            throw new UnknownTopicOrPartitionException(topic + " does not exist yet");
        }
        List<TopicPartition> partitions = infos.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        if (goal.isEmpty()) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.beginningOffsets(partitions)
                    .forEach((partition, beginning) ->
                            next.put(partition, first(beginning, ends.getOrDefault(partition, beginning))));
            goal = ends;
        }
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, next.getOrDefault(partition, 0L)));
    }

    private long first(long beginning, long end) {
        return switch (start) {
            case StartFrom.Earliest earliest -> beginning;
            case StartFrom.Last last -> Math.max(beginning, end - last.offsets());
        };
    }

    /** The record has been consumed. */
    void passed(ConsumerRecord<?, ?> record) {
        next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
    }

    /** Whether everything below the ends seen at the first assignment has been read. */
    boolean hasCaughtUp(Consumer<?, ?> consumer) {
        return goal.entrySet().stream().allMatch(entry -> consumer.position(entry.getKey()) >= entry.getValue());
    }
}
