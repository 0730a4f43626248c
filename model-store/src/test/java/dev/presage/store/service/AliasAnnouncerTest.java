package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.proto.AliasMoved;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class AliasAnnouncerTest {
    private static final Duration NEVER = Duration.ofDays(1);

    /** Fails until it is let in. */
    private static final class Broker implements AliasSink {
        final BlockingQueue<AliasMoved> written = new LinkedBlockingQueue<>();
        final CountDownLatch refused = new CountDownLatch(2);
        volatile boolean up = true;
        volatile boolean closed;

        @Override
        public void publish(AliasMoved moved) {
            if (!up) {
                refused.countDown();
                throw new KafkaException("no broker");
            }
            written.add(moved);
        }

        @Override
        public void close() {
            closed = true;
        }

        String next() throws InterruptedException {
            AliasMoved moved = written.poll(30, TimeUnit.SECONDS);
            return moved == null ? "nothing" : moved.getPool() + " " + moved.getRevision();
        }
    }

    private final Broker broker = new Broker();

    @Test
    void announcesInTheBackground() throws InterruptedException {
        try (AliasAnnouncer announcer = announcer(NEVER)) {
            announcer.onAliases("chat", at("chat", 1));
            assertEquals("chat 1", broker.next());
        }
        assertTrue(broker.closed);
    }

    @Test
    void anOutageDelaysAndThenAllPoolsAreAnnouncedAgain() throws InterruptedException {
        try (AliasAnnouncer announcer = announcer(NEVER)) {
            announcer.onAliases("code", at("code", 4));
            assertEquals("code 4", broker.next());
            broker.up = false;
            announcer.onAliases("chat", at("chat", 1));
            announcer.onAliases("chat", at("chat", 2));
            assertTrue(broker.refused.await(30, TimeUnit.SECONDS));
            broker.up = true;
            List<String> first = List.of(broker.next(), broker.next());
            assertTrue(first.containsAll(List.of("chat 2", "code 4")), first.toString());
        }
    }

    @Test
    void repeatsWithoutBeingAsked() throws InterruptedException {
        try (AliasAnnouncer announcer = announcer(Duration.ofMillis(1))) {
            announcer.onAliases("chat", at("chat", 1));
            assertEquals("chat 1", broker.next());
            assertEquals("chat 1", broker.next());
        }
    }

    @Test
    void anOlderPositionNeverReplacesANewerOne() throws InterruptedException {
        broker.up = false;
        try (AliasAnnouncer announcer = announcer(NEVER)) {
            announcer.onAliases("chat", at("chat", 2));
            announcer.onAliases("chat", at("chat", 1));
            broker.up = true;
            assertEquals("chat 2", broker.next());
        }
    }

    @Test
    void closesWhileTheBrokerIsAway() throws InterruptedException {
        broker.up = false;
        AliasAnnouncer announcer = announcer(NEVER);
        announcer.onAliases("chat", at("chat", 1));
        assertTrue(broker.refused.await(30, TimeUnit.SECONDS));
        announcer.close();
        assertTrue(broker.closed);
    }

    private AliasAnnouncer announcer(Duration repeat) {
        AliasAnnouncer announcer = new AliasAnnouncer(broker, Duration.ofMillis(1), repeat);
        announcer.start();
        return announcer;
    }

    private static List<AliasMoved> at(String pool, long revision) {
        return List.of(AliasMoved.newBuilder()
                .setPool(pool)
                .setAlias("champion")
                .setRevision(revision)
                .build());
    }
}
