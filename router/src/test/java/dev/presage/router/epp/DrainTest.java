package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Attributes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Drain drain = new Drain(System::nanoTime, Duration.ZERO);

    @Test
    void endsWithTheLastGateway() throws Exception {
        drain.transportReady(Attributes.EMPTY);
        drain.transportReady(Attributes.EMPTY);
        Waiting waiting = new Waiting(LONG);
        drain.transportTerminated(Attributes.EMPTY);
        waiting.untilBlocked();
        assertFalse(waiting.over.isDone());
        assertTrue(drain.draining());
        drain.transportTerminated(Attributes.EMPTY);
        waiting.over.get(30, TimeUnit.SECONDS);
    }

    @Test
    void endsWithThePatience() throws Exception {
        drain.transportReady(Attributes.EMPTY);
        new Waiting(Duration.ofMillis(1)).over.get(30, TimeUnit.SECONDS);
    }

    @Test
    void canBeCut() throws Exception {
        drain.transportReady(Attributes.EMPTY);
        Waiting waiting = new Waiting(LONG);
        waiting.untilBlocked();
        drain.cut();
        waiting.over.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aGatewayThatMayStillComeIsWaitedFor() throws Exception {
        Drain patient = new Drain(System::nanoTime, LONG);
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> await(patient, LONG, over));
        untilBlocked(thread);
        assertFalse(over.isDone());
        patient.cut();
        over.get(30, TimeUnit.SECONDS);
    }

    private static void await(Drain drain, Duration patience, CompletableFuture<Void> over) {
        try {
            drain.await(patience);
            over.complete(null);
        } catch (InterruptedException e) {
            over.completeExceptionally(e);
        }
    }

    private static void untilBlocked(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    private final class Waiting {
        final CompletableFuture<Void> over = new CompletableFuture<>();
        private final Thread thread;

        Waiting(Duration patience) {
            thread = Thread.ofPlatform().start(() -> await(drain, patience, over));
        }

        void untilBlocked() {
            DrainTest.untilBlocked(thread);
        }
    }
}
