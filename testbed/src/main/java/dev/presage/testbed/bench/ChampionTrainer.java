package dev.presage.testbed.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What {@link Retraining} starts: publishes a new champion every so many milliseconds, until the process is ended. */
final class ChampionTrainer {
    /** How a line about a champion begins. */
    static final String PUBLISHED = "published ";

    private static final long FIRST_SEED = 2;

    private final Path store;
    private final double firstTokenMs;
    private long seed = FIRST_SEED;

    private ChampionTrainer(Path store, double firstTokenMs) {
        this.store = store;
        this.firstTokenMs = firstTokenMs;
    }

    /** @param args the store's directory, the model's TTFT and the interval, both in milliseconds */
    public static void main(String[] args) {
        ChampionTrainer trainer = new ChampionTrainer(Path.of(args[0]), Double.parseDouble(args[1]));
        long everyMs = Long.parseLong(args[2]);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        timer.scheduleAtFixedRate(trainer::champion, everyMs, everyMs, TimeUnit.MILLISECONDS);
    }

    private void champion() {
        try {
            System.out.println(PUBLISHED + BenchModel.publish(store, firstTokenMs, seed++, InstantSource.system()));
        } catch (IOException | RuntimeException e) {
            System.out.println("no new champion: " + e);
        }
    }
}
