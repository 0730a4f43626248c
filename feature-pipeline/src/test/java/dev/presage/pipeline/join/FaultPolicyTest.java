package dev.presage.pipeline.join;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class FaultPolicyTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final JoinCounts counts = new JoinCounts();
    private final FaultPolicy policy = new FaultPolicy(now::get, counts);

    @Test
    void threeThreadsAMinuteAreReplacedAndTheFourthEndsTheClient() {
        for (int i = 0; i < 3; i++) {
            assertEquals(StreamThreadExceptionResponse.REPLACE_THREAD, die());
        }
        assertEquals(StreamThreadExceptionResponse.SHUTDOWN_CLIENT, die());
        assertEquals(4, counts.failures());
    }

    @Test
    void aMinuteLaterThreadsAreReplacedAgain() {
        for (int i = 0; i < 3; i++) {
            die();
        }
        now.set(Instant.EPOCH.plus(Duration.ofMinutes(1)));
        assertEquals(StreamThreadExceptionResponse.REPLACE_THREAD, die());
    }

    private StreamThreadExceptionResponse die() {
        return policy.handle(new IllegalStateException("as if a stream thread died"));
    }
}
