package dev.presage.pipeline.topics;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topics of the event log, with the settings they are created with. Both bounds of a deleting topic hold per
 * partition, whichever is met first. A topic that already exists keeps the settings its operator gave it.
 */
public enum Topic {
    /** One record per routed request, keyed by request id. */
    DECISIONS("presage.decisions.v1", 4, new Retention.Delete(Duration.ofHours(24), 512L << 20)),
    /** One record per ended request, keyed by request id; partitioned like {@link #DECISIONS}. */
    OUTCOMES("presage.outcomes.v1", 4, new Retention.Delete(Duration.ofHours(24), 128L << 20)),
    /** One record per completed request, keyed by pool. */
    SAMPLES("presage.samples.v1", 4, new Retention.Delete(Duration.ofDays(7), 512L << 20)),
    /** The latest position of each alias, keyed by pool/alias; one partition, so that moves have one order. */
    MODELS("presage.models.v1", 1, new Retention.Compact()),
    /** What routers of one pool tell each other of requests under way, keyed by request id; of no use minutes later. */
    FLIGHTS("presage.flights.v1", 4, new Retention.Delete(Duration.ofMinutes(10), 128L << 20));

    private sealed interface Retention {
        record Delete(Duration time, long bytes) implements Retention {}

        record Compact() implements Retention {}
    }

    /** Small enough that bounds and compaction take hold on a small fleet too; both act on closed segments only. */
    private static final long SEGMENT_BYTES = 32L << 20;

    private final String topicName;
    private final int partitions;
    private final Retention retention;

    Topic(String topicName, int partitions, Retention retention) {
        this.topicName = topicName;
        this.partitions = partitions;
        this.retention = retention;
    }

    /** The name on the wire. */
    public String topicName() {
        return topicName;
    }

    /** Partitions that the topic is created with. */
    public int partitions() {
        return partitions;
    }

    /** Topic-level configuration that the topic is created with. */
    public Map<String, String> config() {
        String segment = Long.toString(SEGMENT_BYTES);
        return switch (retention) {
            case Retention.Delete(Duration time, long bytes) ->
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(time.toMillis()),
                        TopicConfig.RETENTION_BYTES_CONFIG,
                        Long.toString(bytes),
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        segment);
            case Retention.Compact() ->
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        segment);
        };
    }
}
