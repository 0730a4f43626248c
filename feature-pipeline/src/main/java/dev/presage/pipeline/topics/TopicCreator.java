package dev.presage.pipeline.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates the topics of the event log that are not there yet, with the broker's default replication. Topics that exist
 * are left as they are, so it may run at every start, in every process, at the same time. Stateless.
 */
public final class TopicCreator {
    private static final Duration VISIBILITY_POLL = Duration.ofMillis(50);

    private TopicCreator() {}

    /**
     * Creates what is missing.
     *
     * @param timeout bound of each request made
     * @return the topics that this call created
     * @throws KafkaException if Kafka cannot be reached in time or refuses
     * @throws IllegalStateException if decisions and outcomes exist with unlike partition counts, so cannot be joined
     */
    public static List<Topic> createMissing(KafkaConnection connection, Duration timeout) {
        Properties properties = connection.properties("presage-topics");
        int timeoutMs = Math.toIntExact(timeout.toMillis());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
        try (Admin admin = Admin.create(properties)) {
            Map<Topic, Integer> present = present(admin);
            checkPartners(present);
            List<Topic> created = new ArrayList<>();
            for (Topic topic : Topic.values()) {
                if (!present.containsKey(topic) && create(admin, topic, partitions(topic, present))) {
                    created.add(topic);
                }
            }
            awaitVisible(admin, created, timeout);
            return List.copyOf(created);
        }
    }

    /** Brokers learn of a new topic a moment after the controller has made it; until then its users would be refused. */
    private static void awaitVisible(Admin admin, List<Topic> created, Duration timeout) {
        for (long left = timeout.dividedBy(VISIBILITY_POLL); present(admin).size() < Topic.values().length; left--) {
            if (left <= 0) {
                throw new KafkaException("created " + created + " but brokers did not show them within " + timeout);
            }
            LockSupport.parkNanos(VISIBILITY_POLL.toNanos());
        }
    }

    /** Partition counts of the topics that Kafka shows. Brokers may differ for a moment about a new one. */
    private static Map<Topic, Integer> present(Admin admin) {
        Set<String> names = get(admin.listTopics().names());
        Map<Topic, Integer> present = new EnumMap<>(Topic.class);
        for (Topic topic : Topic.values()) {
            if (names.contains(topic.topicName())) {
                try {
                    var description =
                            get(admin.describeTopics(List.of(topic.topicName())).allTopicNames());
                    description
                            .values()
                            .forEach(found ->
                                    present.put(topic, found.partitions().size()));
                } catch (UnknownTopicOrPartitionException e) {
                    // Listed by one broker, not yet known to another: as good as absent, and creating it is refused
                    // kindly.
                }
            }
        }
        return present;
    }

    private static void checkPartners(Map<Topic, Integer> present) {
        int decisions = present.getOrDefault(Topic.DECISIONS, 0);
        int outcomes = present.getOrDefault(Topic.OUTCOMES, 0);
        if (decisions > 0 && outcomes > 0 && decisions != outcomes) {
            throw new IllegalStateException(Topic.DECISIONS.topicName() + " has " + decisions + " partitions and "
                    + Topic.OUTCOMES.topicName() + " has " + outcomes + "; the join needs equal counts");
        }
    }

    /** A missing partner of an existing topic takes its count: the two must be alike. */
    private static int partitions(Topic topic, Map<Topic, Integer> present) {
        return switch (topic) {
            case DECISIONS -> present.getOrDefault(Topic.OUTCOMES, topic.partitions());
            case OUTCOMES -> present.getOrDefault(Topic.DECISIONS, topic.partitions());
            case SAMPLES, MODELS, FLIGHTS -> topic.partitions();
        };
    }

    private static boolean create(Admin admin, Topic topic, int partitions) {
        NewTopic request =
                new NewTopic(topic.topicName(), Optional.of(partitions), Optional.empty()).configs(topic.config());
        try {
            get(admin.createTopics(List.of(request)).all());
            return true;
        } catch (TopicExistsException e) {
            return false;
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for Kafka", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
        }
    }
}
