package dev.presage.pipeline.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Message;
import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.Topic;
import dev.presage.pipeline.topics.TopicCreator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private int port;

    @BeforeEach
    void topics() {
        try (EmbeddedBroker broker = broker(0)) {
            port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
            TopicCreator.createMissing(connection(), TIMEOUT);
        }
    }

    @Test
    void samplesOfOnePoolFromTheLogAndThenLiveAcrossAnOutage() throws Exception {
        Heard<Sample> heard = new Heard<>(Sample::getRequestId);
        try (SampleLog log = SampleLog.follow(connection(), "pool-a", StartFrom.earliest(), heard)) {
            try (EmbeddedBroker broker = broker(port)) {
                assertEquals("caught up", heard.next());
                commit("s1", "pool-a");
                commit("other", "pool-b");
                abort("never", "pool-a");
                commit("s2", "pool-a");
                assertEquals("s1", heard.next());
                assertEquals("s2", heard.next());
            }
            try (EmbeddedBroker broker = broker(port)) {
                commit("s3", "pool-a");
                assertEquals("s3", heard.next());
                garbage("pool-a");
                assertEquals("undecodable", heard.next());
            }
        }
    }

    @Test
    void aRestartedReaderRebuildsFromTheEndBackwards() throws Exception {
        try (EmbeddedBroker broker = broker(port)) {
            commit("s1", "pool-a");
            commit("s2", "pool-a");
            Heard<Sample> all = new Heard<>(Sample::getRequestId);
            try (SampleLog log = SampleLog.follow(connection(), "pool-a", StartFrom.earliest(), all)) {
                assertEquals("s1", all.next());
                assertEquals("s2", all.next());
                assertEquals("caught up", all.next());
            }
            Heard<Sample> last = new Heard<>(Sample::getRequestId);
            // One sample and its transaction's marker.
            try (SampleLog log = SampleLog.follow(connection(), "pool-a", StartFrom.last(2), last)) {
                assertEquals("s2", last.next());
                assertEquals("caught up", last.next());
            }
        }
    }

    @Test
    void aliasesAreReadWholeAndThenFollowed() throws Exception {
        try (EmbeddedBroker broker = broker(port);
                AliasWriter writer = AliasWriter.open(connection(), TIMEOUT)) {
            writer.publish(moved("bundle-1", 1));
            Heard<AliasMoved> heard = new Heard<>(AliasMoved::getBundleId);
            try (AliasLog log = AliasLog.follow(connection(), heard)) {
                assertEquals("bundle-1", heard.next());
                assertEquals("caught up", heard.next());
                assertEquals(new LogPosition(0, 1), writer.publish(moved("bundle-2", 2)));
                assertEquals("bundle-2", heard.next());
            }
        }
    }

    @Test
    void aMoveThatCannotBeWrittenIsAFailure() {
        try (AliasWriter writer = AliasWriter.open(connection(), Duration.ofMillis(200))) {
            assertThrows(KafkaException.class, () -> writer.publish(moved("bundle-1", 1)));
            var unnamed = AliasMoved.newBuilder().setSchemaVersion(1).build();
            assertThrows(IllegalArgumentException.class, () -> writer.publish(unnamed));
        }
    }

    private EmbeddedBroker broker(int wantedPort) {
        return EmbeddedBroker.start(BrokerSettings.of(directory, wantedPort));
    }

    private KafkaConnection connection() {
        return KafkaConnection.to("127.0.0.1:" + port);
    }

    private static AliasMoved moved(String bundle, long revision) {
        return AliasMoved.newBuilder()
                .setSchemaVersion(1)
                .setPool("pool-a")
                .setAlias("champion")
                .setBundleId(bundle)
                .setRevision(revision)
                .build();
    }

    private void commit(String id, String pool) {
        try (var producer = transaction()) {
            producer.send(new ProducerRecord<>(Topic.SAMPLES.topicName(), pool, sample(id, pool)));
            producer.commitTransaction();
        }
    }

    private void abort(String id, String pool) {
        try (var producer = transaction()) {
            producer.send(new ProducerRecord<>(Topic.SAMPLES.topicName(), pool, sample(id, pool)));
            producer.flush();
            producer.abortTransaction();
        }
    }

    private void garbage(String pool) {
        try (var producer = transaction()) {
            byte[] text = "not a sample".getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(Topic.SAMPLES.topicName(), pool, text));
            producer.commitTransaction();
        }
    }

    private KafkaProducer<String, byte[]> transaction() {
        Properties properties = connection().properties("test-join");
        properties.put("transactional.id", "test-join");
        var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        return producer;
    }

    private static byte[] sample(String id, String pool) {
        return EventFormat.SAMPLES.encode(Sample.newBuilder()
                .setSchemaVersion(1)
                .setRequestId(id)
                .setPool(pool)
                .build());
    }

    /** Turns callbacks into words in their order. */
    private static final class Heard<T extends Message> implements LogConsumer<T> {
        private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
        private final Function<T, String> name;

        Heard(Function<T, String> name) {
            this.name = name;
        }

        @Override
        public void onRecord(T event, LogPosition position) {
            words.add(name.apply(event));
        }

        @Override
        public void onUndecodable(String reason, LogPosition position) {
            words.add("undecodable");
        }

        @Override
        public void onCaughtUp() {
            words.add("caught up");
        }

        String next() throws InterruptedException {
            String word = words.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return word == null ? "nothing" : word;
        }
    }
}
