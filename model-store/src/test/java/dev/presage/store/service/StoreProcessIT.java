package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.eventlog.AliasLog;
import dev.presage.pipeline.eventlog.LogConsumer;
import dev.presage.pipeline.eventlog.LogPosition;
import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.PublishOutcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code presage store} as a process of its own: killed while it is written to, and with Kafka away. */
class StoreProcessIT {
    @TempDir
    Path root;

    @Test
    void whatWasAnsweredSurvivesKillAndKafkaHearsOfItLater() throws Exception {
        int kafkaPort = freePort();
        BundleArchive first = SampleBundles.archive("chat", 0);
        try (StoreProcess store = start(kafkaPort)) {
            publish(store, first);
            promote(store, first.id());
        }
        int answered = publishUntilKilled(kafkaPort);
        try (StoreProcess store = start(kafkaPort)) {
            PoolState state = store.client().pool("chat");
            assertEquals(first.id(), state.aliases().get(Alias.CHAMPION));
            assertTrue(state.versions().size() > answered, answered + " answered, kept " + state.versions());
            BlockingQueue<AliasMoved> heard = new LinkedBlockingQueue<>();
            try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(root.resolve("kafka"), kafkaPort));
                    AliasLog log = AliasLog.follow(KafkaConnection.to(broker.bootstrapServers()), collect(heard))) {
                AliasMoved moved = heard.poll(60, TimeUnit.SECONDS);
                assertEquals(
                        "champion " + first.id(), moved == null ? "" : moved.getAlias() + " " + moved.getBundleId());
            }
        }
    }

    /** Kills the process from another thread while this one publishes; gives the number of publications answered. */
    private int publishUntilKilled(int kafkaPort) throws Exception {
        int answered = 0;
        try (StoreProcess store = start(kafkaPort)) {
            for (int i = 1; i < 40; i++) {
                if (i == 8) {
                    Thread.ofVirtual().name("test-killer").start(store.process()::destroyForcibly);
                }
                publish(store, SampleBundles.archive("chat", i));
                answered = i;
            }
        } catch (IOException e) {
            // Killed.
        }
        return answered;
    }

    private static void publish(StoreProcess store, BundleArchive archive) throws IOException {
        assertInstanceOf(PublishOutcome.Published.class, store.client().publish("chat", archive.bytes(), "trainer"));
    }

    private static void promote(StoreProcess store, BundleId bundle) throws IOException {
        assertInstanceOf(
                ChangeOutcome.Changed.class,
                store.client()
                        .change(new MoveRequest("chat", Alias.CHAMPION, bundle, 0, "trainer", "first", Map.of())));
    }

    private StoreProcess start(int kafkaPort) throws IOException {
        return StoreProcess.start(root.resolve("store"), "--bootstrap-servers=127.0.0.1:" + kafkaPort);
    }

    private static LogConsumer<AliasMoved> collect(BlockingQueue<AliasMoved> heard) {
        return (AliasMoved moved, LogPosition position) -> heard.add(moved);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
