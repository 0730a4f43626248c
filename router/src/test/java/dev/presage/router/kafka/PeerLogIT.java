package dev.presage.router.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.peer.Flight;
import dev.presage.router.peer.PeerFlights;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.prefix.PrefixIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two routers at one broker. */
class PeerLogIT {
    private static final Endpoint ENDPOINT = new Endpoint("default/e-rank-0", "10.0.0.1", 8000, Map.of());
    private static final long[] BLOCKS = {11, 12, 13};

    @TempDir
    Path directory;

    @Test
    void whatOneRouterSendsTheOtherHasInItsBooks() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(directory.resolve("broker"), 0))) {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
            TopicCreator.createMissing(connection, Duration.ofSeconds(20));
            Fleet fleet = new Fleet();
            fleet.replace(List.of(ENDPOINT));
            CountDownLatch sent = new CountDownLatch(1);
            CountDownLatch ended = new CountDownLatch(1);
            PrefixIndex prefixes = new Told(sent, ended);
            PeerFlights heard = new PeerFlights(fleet, prefixes, System::nanoTime, InstantSource.system());
            CountDownLatch following = new CountDownLatch(1);
            PeerFlights deaf = new PeerFlights(new Fleet(), prefixes, System::nanoTime, InstantSource.system());
            try (PeerLog here = PeerLog.start(connection, "one", "pool", heard, following::countDown);
                    PeerLog there = PeerLog.start(connection, "two", "pool", deaf)) {
                assertTrue(following.await(30, TimeUnit.SECONDS), "never followed");
                long now = System.currentTimeMillis();
                there.accept(new Flight.Sent("r", now, ENDPOINT.address(), 300, 100, BLOCKS));
                assertTrue(sent.await(30, TimeUnit.SECONDS), "not heard of the request");
                assertEquals(1, heard.size());
                assertEquals(
                        200,
                        Objects.requireNonNull(fleet.twin(ENDPOINT)).state().pendingTokens());
                assertEquals(3, prefixes.match(ENDPOINT, BLOCKS));

                there.accept(new Flight.FirstToken("r", now));
                there.accept(new Flight.Ended("r", now, true, 128));
                assertTrue(ended.await(30, TimeUnit.SECONDS), "not heard of the end");
                assertEquals(
                        0, Objects.requireNonNull(fleet.twin(ENDPOINT)).state().inFlight());
            }
        }
    }

    /** A prefix index that tells when it was told. */
    private record Told(ApproximatePrefixIndex index, CountDownLatch sent, CountDownLatch ended)
            implements PrefixIndex {
        Told(CountDownLatch sent, CountDownLatch ended) {
            this(new ApproximatePrefixIndex(1 << 16), sent, ended);
        }

        @Override
        public int match(Endpoint endpoint, long[] blocks) {
            return index.match(endpoint, blocks);
        }

        @Override
        public void sent(Endpoint endpoint, long[] blocks) {
            index.sent(endpoint, blocks);
            sent.countDown();
        }

        @Override
        public void withdrawn(Endpoint endpoint, long[] blocks, int from) {
            index.withdrawn(endpoint, blocks, from);
        }

        @Override
        public void ended(Endpoint endpoint, long[] blocks, int tokens) {
            index.ended(endpoint, blocks, tokens);
            ended.countDown();
        }

        @Override
        public void capacity(Endpoint endpoint, long tokens) {
            index.capacity(endpoint, tokens);
        }

        @Override
        public void retain(Collection<Endpoint> endpoints) {
            index.retain(endpoints);
        }
    }
}
