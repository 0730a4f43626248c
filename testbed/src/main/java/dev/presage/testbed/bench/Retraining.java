package dev.presage.testbed.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Trains a new champion again and again while the routers are measured: in a process of its own that waits for them, as the launcher runs the trainer. */
final class Retraining implements AutoCloseable {
    private final AtomicInteger champions = new AtomicInteger();
    private final Consumer<String> progress;
    private final @Nullable Process trainer;
    private final @Nullable Thread hook;

    /** @param every zero for never */
    Retraining(Path store, double firstTokenMs, Duration every, Consumer<String> progress) throws IOException {
        this.progress = progress;
        if (every.isZero()) {
            trainer = null;
            hook = null;
            return;
        }
        List<String> command = new ArrayList<>(List.of("nice", "-n", "10"));
        command.addAll(ServerProcess.java(List.of("-XX:+UseSerialGC"), ChampionTrainer.class.getName()));
        command.addAll(List.of(store.toString(), Double.toString(firstTokenMs), Long.toString(every.toMillis())));
        Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
        trainer = started;
        hook = Thread.ofPlatform().name("presage-bench-trainer-end").unstarted(started::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);
        Thread.ofVirtual().name("presage-bench-trainer-output").start(() -> read(started));
    }

    private void read(Process started) {
        started.inputReader().lines().forEach(line -> {
            if (line.startsWith(ChampionTrainer.PUBLISHED)) {
                champions.incrementAndGet();
            } else {
                progress.accept("trainer: " + line);
            }
        });
    }

    @Override
    public void close() throws InterruptedException {
        if (trainer != null && hook != null) {
            trainer.destroyForcibly().waitFor();
            Runtime.getRuntime().removeShutdownHook(hook);
            progress.accept(champions.get() + " champions were trained meanwhile");
        }
    }
}
