package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.cli.Presage;
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
import dev.presage.store.registry.MoveOutcome;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.PublishOutcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code presage store} as a process of its own: killed while it is written to, and with Kafka away. */
class StoreProcessIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

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
            PoolState state = store.client.pool("chat");
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
                    Thread.ofVirtual().name("test-killer").start(store.process::destroyForcibly);
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
        assertInstanceOf(PublishOutcome.Published.class, store.client.publish("chat", archive.bytes(), "trainer"));
    }

    private static void promote(StoreProcess store, BundleId bundle) throws IOException {
        assertInstanceOf(
                MoveOutcome.Moved.class,
                store.client.move(new MoveRequest("chat", Alias.CHAMPION, bundle, 0, "trainer", "first", Map.of())));
    }

    private StoreProcess start(int kafkaPort) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path", ""),
                Presage.class.getName(),
                "store",
                "--dir=" + root.resolve("store"),
                "--port=0",
                "--bootstrap-servers=127.0.0.1:" + kafkaPort);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader log =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder seen = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            int at = line.indexOf("serves at ");
            if (at >= 0) {
                URI base = URI.create(line.substring(at + "serves at ".length()).strip());
                Thread.ofVirtual().name("test-store-log").start(() -> log.lines()
                        .forEach(rest -> {}));
                return new StoreProcess(process, new StoreClient(base, Optional.empty(), TIMEOUT));
            }
            seen.append(line).append('\n');
        }
        throw new IOException("the store did not start: " + seen);
    }

    private record StoreProcess(Process process, StoreClient client) implements AutoCloseable {
        /** Kill -9, always: there is no other way to end in this test. */
        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly().waitFor();
            client.close();
        }
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
