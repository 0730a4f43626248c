package dev.presage.pipeline.join;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a stream thread dies: it is replaced at once, but the fourth death within a minute ends the client,
 * and the {@link SampleJoin} starts a new one after a pause. So a fault that comes back cannot spin. Thread-safe.
 */
final class FaultPolicy implements StreamsUncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FaultPolicy.class);
    private static final int REPLACEMENTS = 3;
    private static final Duration WITHIN = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final JoinListener listener;
    private final Deque<Instant> replaced = new ArrayDeque<>();

    FaultPolicy(InstantSource clock, JoinListener listener) {
        this.clock = clock;
        this.listener = listener;
    }

    @Override
    public synchronized StreamThreadExceptionResponse handle(Throwable failure) {
        listener.onFailure(failure);
        Instant now = clock.instant();
        while (!replaced.isEmpty() && !replaced.getFirst().isAfter(now.minus(WITHIN))) {
            replaced.removeFirst();
        }
        if (replaced.size() == REPLACEMENTS) {
            LOG.warn("a stream thread died again; starting the join anew after a pause", failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        replaced.addLast(now);
        LOG.warn("a stream thread died and is replaced", failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
}
