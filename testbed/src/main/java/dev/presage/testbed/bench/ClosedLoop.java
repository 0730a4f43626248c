package dev.presage.testbed.bench;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/** Keeps a fixed number of requests under way: each slot starts its next one when the one before has ended. */
final class ClosedLoop {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A slot that fails this often has nobody to talk to. */
    private static final int MAX_ERRORS = 20;

    private final ProcessorClient client;
    private final Prompts prompts;
    private final ProcessingRequest headers;
    private final List<ProcessingRequest> reply = EnvoyMessages.plainReply();
    private final LongSupplier nanoClock;

    ClosedLoop(ProcessorClient client, Prompts prompts, ProcessingRequest headers, LongSupplier nanoClock) {
        this.client = client;
        this.prompts = prompts;
        this.headers = headers;
        this.nanoClock = nanoClock;
    }

    /** Blocks for {@code window} and until the last requests have ended. */
    LoadCount run(int concurrency, Duration window) throws InterruptedException {
        long start = nanoClock.getAsLong();
        long deadline = start + window.toNanos();
        CountDownLatch done = new CountDownLatch(concurrency);
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < concurrency; i++) {
            Slot slot = new Slot(i, deadline, done);
            slots.add(slot);
            slot.next();
        }
        if (!done.await(window.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(
                    done.getCount() + " of " + concurrency + " requests did not end within " + PATIENCE);
        }
        double seconds = (nanoClock.getAsLong() - start) / 1e9;
        Histogram all = LoadCount.histogram();
        long errors = 0;
        for (Slot slot : slots) {
            all.add(slot.latency);
            errors += slot.errors;
        }
        return new LoadCount(all, errors, seconds);
    }

    private final class Slot implements DecisionCall.Listener {
        private final int index;
        private final long deadline;
        private final CountDownLatch done;
        private final Histogram latency = LoadCount.histogram();
        private int errors;

        Slot(int index, long deadline, CountDownLatch done) {
            this.index = index;
            this.deadline = deadline;
            this.done = done;
        }

        void next() {
            new DecisionCall(nanoClock, ProcessorClient.atOnce(), reply, this)
                    .start(client.stub(index), headers, prompts.next());
        }

        @Override
        public void decided(long sentNanos, long atNanos) {
            latency.recordValue(Math.min(atNanos - sentNanos, LoadCount.MAX_NANOS));
        }

        @Override
        public void ended(boolean failed) {
            errors += failed ? 1 : 0;
            if (nanoClock.getAsLong() < deadline && errors < MAX_ERRORS) {
                next();
            } else {
                done.countDown();
            }
        }
    }
}
