package dev.presage.testbed.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Trains a new champion again and again while the routers are measured, on a thread of the load client's process. */
final class Retraining implements AutoCloseable {
    private final ScheduledExecutorService trainer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("presage-bench-trainer").factory());
    private final AtomicInteger champions = new AtomicInteger();
    private final Consumer<String> progress;

    /** @param every zero for never */
    Retraining(Path store, double firstTokenMs, Duration every, Consumer<String> progress) {
        this.progress = progress;
        if (!every.isZero()) {
            trainer.scheduleAtFixedRate(
                    () -> champion(store, firstTokenMs), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void champion(Path store, double firstTokenMs) {
        try {
            BenchModel.publish(store, firstTokenMs, champions.get() + 2, InstantSource.system());
            champions.incrementAndGet();
        } catch (IOException | RuntimeException e) {
            progress.accept("no new champion: " + e);
        }
    }

    @Override
    public void close() {
        trainer.shutdownNow();
        if (champions.get() > 0) {
            progress.accept(champions.get() + " champions were trained meanwhile");
        }
    }
}
