package dev.presage.testbed.bench;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * Sends by a schedule that knows nothing of the server. Latency counts from when a request was due, so that a server that stalls
 * is charged for those who could not be sent meanwhile (no coordinated omission). At most {@value #MAX_UNDER_WAY} are under way;
 * an arrival beyond is an error.
 */
final class OpenLoop {
    private static final int MAX_UNDER_WAY = 4_096;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ProcessorClient client;
    private final Prompts prompts;
    private final ProcessingRequest headers;
    private final List<ProcessingRequest> reply = EnvoyMessages.streamedReply();
    private final LongSupplier nanoClock;

    OpenLoop(ProcessorClient client, Prompts prompts, ProcessingRequest headers, LongSupplier nanoClock) {
        this.client = client;
        this.prompts = prompts;
        this.headers = headers;
        this.nanoClock = nanoClock;
    }

    /** Blocks for {@code window} and until the last requests have ended. */
    LoadCount run(ArrivalSchedule schedule, Duration window) throws InterruptedException {
        Histogram latency = new SynchronizedHistogram(
                LoadCount.MAX_NANOS, LoadCount.histogram().getNumberOfSignificantValueDigits());
        AtomicLong errors = new AtomicLong();
        Semaphore room = new Semaphore(MAX_UNDER_WAY);
        long start = nanoClock.getAsLong();
        int turn = 0;
        for (long due = schedule.next(); due < window.toNanos(); due = schedule.next()) {
            await(start + due);
            if (room.tryAcquire()) {
                Tally tally = new Tally(start + due, latency, errors, room);
                new DecisionCall(nanoClock, client.afterFirstToken(), reply, tally)
                        .start(client.stub(turn++), headers, prompts.next());
            } else {
                errors.incrementAndGet();
            }
        }
        if (!room.tryAcquire(MAX_UNDER_WAY, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("requests did not end within " + PATIENCE);
        }
        return new LoadCount(latency, errors.get(), (nanoClock.getAsLong() - start) / 1e9);
    }

    private void await(long dueNanos) {
        for (long left = dueNanos - nanoClock.getAsLong(); left > 0; left = dueNanos - nanoClock.getAsLong()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private record Tally(long dueNanos, Histogram latency, AtomicLong errors, Semaphore room)
            implements DecisionCall.Listener {
        @Override
        public void decided(long sentNanos, long atNanos) {
            latency.recordValue(Math.clamp(atNanos - dueNanos, 0, LoadCount.MAX_NANOS));
        }

        @Override
        public void ended(boolean failed) {
            if (failed) {
                errors.incrementAndGet();
            }
            room.release();
        }
    }
}
