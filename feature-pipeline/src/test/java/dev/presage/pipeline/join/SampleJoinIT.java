package dev.presage.pipeline.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.proto.EndCause;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleJoinIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int BATCH = 400;

    @TempDir
    Path directory;

    private final Set<String> completed = new TreeSet<>();

    @Test
    void everyCompletedRequestOnceThoughTheJoinIsKilled() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(directory.resolve("kafka"), 0))) {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
            TopicCreator.createMissing(connection, TIMEOUT);
            Path state = directory.resolve("join");
            try (EventFeed feed = new EventFeed(connection);
                    CommittedSamples samples = new CommittedSamples(connection)) {
                PipelineProcess first = PipelineProcess.start(broker.bootstrapServers(), state);
                feed(feed, 0, BATCH);
                // Some are committed, and more is under way: the moment to kill it.
                samples.await(BATCH / 4);
                feed(feed, BATCH, 2 * BATCH);
                samples.await(BATCH);
                first.kill();
                feed(feed, 2 * BATCH, 3 * BATCH);
                try (PipelineProcess second = PipelineProcess.start(broker.bootstrapServers(), state)) {
                    assertExactlyOnce(samples.await(completed.size()));
                    // A spool replays everything: nothing may come of it. The marker tells when it has been read.
                    feed(feed, 0, 3 * BATCH);
                    feed(feed, 3 * BATCH, 3 * BATCH + BATCH);
                    assertExactlyOnce(samples.await(completed.size()));
                    samples.poll(Duration.ofSeconds(2));
                    assertExactlyOnce(samples.await(0));
                }
            }
        }
    }

    @Test
    void aBrokerThatComesLateAndGoesAwayIsWaitedFor() throws Exception {
        int port;
        BrokerSettings anyPort = BrokerSettings.of(directory.resolve("kafka"), 0);
        try (EmbeddedBroker probe = EmbeddedBroker.start(anyPort)) {
            port = Integer.parseInt(probe.bootstrapServers().split(":")[1]);
        }
        KafkaConnection connection = KafkaConnection.to("127.0.0.1:" + port);
        BrokerSettings settings = BrokerSettings.of(directory.resolve("kafka"), port);
        JoinSettings join = JoinSettings.in(directory.resolve("join"));
        try (SampleJoin joining = SampleJoin.start(connection, join, JoinListener.NONE)) {
            try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
                assertTrue(joining.awaitRunning(TIMEOUT));
                feedAndAwait(connection, 0, BATCH);
            }
            try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
                feedAndAwait(connection, BATCH, 2 * BATCH);
                joining.close();
            }
        }
    }

    private void feedAndAwait(KafkaConnection connection, int from, int to) {
        try (EventFeed feed = new EventFeed(connection);
                CommittedSamples samples = new CommittedSamples(connection)) {
            feed(feed, from, to);
            assertExactlyOnce(samples.await(completed.size()));
        }
    }

    private void assertExactlyOnce(List<String> ids) {
        Set<String> missing = new TreeSet<>(completed);
        missing.removeAll(new HashSet<>(ids));
        Set<String> unexpected = new TreeSet<>(ids);
        unexpected.removeAll(completed);
        assertEquals(Set.of(), missing, "completed requests without a sample");
        assertEquals(Set.of(), unexpected, "samples of requests that did not complete");
        assertEquals(completed.size(), ids.size(), "requests were sampled twice");
    }

    /** Requests of which every seventh fails; half of the outcomes come first, every fifth record comes twice. */
    private void feed(EventFeed feed, int from, int to) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(from);
        long now = Instant.now().toEpochMilli();
        for (int i = from; i < to; i++) {
            String id = "r" + i;
            EndCause cause = i % 7 == 0 ? EndCause.EVICTED : EndCause.COMPLETED;
            if (cause == EndCause.COMPLETED) {
                completed.add(id);
            }
            var decision = Events.decision(id, now).build();
            var outcome = Events.outcome(id, now).setCause(cause).build();
            boolean outcomeFirst = random.nextBoolean();
            if (outcomeFirst) {
                feed.send(EventFormat.OUTCOMES, outcome);
            }
            for (int copies = random.nextInt(5) == 0 ? 2 : 1; copies > 0; copies--) {
                feed.send(EventFormat.DECISIONS, decision);
            }
            if (!outcomeFirst) {
                feed.send(EventFormat.OUTCOMES, outcome);
            }
        }
        feed.flush();
    }
}
