package dev.presage.router.model;

import dev.presage.pipeline.eventlog.AliasLog;
import dev.presage.pipeline.eventlog.LogConsumer;
import dev.presage.pipeline.eventlog.LogPosition;
import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.router.predict.ServingModel;
import dev.presage.store.bundle.BundleReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the pool's champion in service. It learns of moves from Kafka at once and from the store by asking; either may be away
 * or absent. One thread, owned here, does all fetching and swapping; {@link #close} ends it and leaves the model serving.
 */
public final class ModelWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelWatcher.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final ChampionCourse course;
    private final ArchiveFetcher fetcher;
    private final Duration interval;
    private final Thread thread;
    private final @Nullable AliasLog aliases;
    private volatile boolean closing;

    private ModelWatcher(
            ChampionCourse course, ArchiveFetcher fetcher, Duration interval, @Nullable KafkaConnection kafka) {
        this.course = course;
        this.fetcher = fetcher;
        this.interval = interval;
        this.thread = Thread.ofPlatform().name("presage-model-watcher").daemon().unstarted(this::run);
        this.aliases = kafka == null ? null : AliasLog.follow(kafka, new Announcements());
    }

    /**
     * Serves the kept bundle, if any, and starts to follow the champion.
     *
     * @param store asked at once and then every {@code interval}; null without a store
     * @param kafka where moves are announced; null without one
     * @param directory where the last good bundle is kept
     * @param serve takes the model in service, null when there is none
     */
    public static ModelWatcher start(
            String pool,
            @Nullable BundleSource store,
            @Nullable KafkaConnection kafka,
            BundleReader reader,
            Path directory,
            Duration interval,
            Consumer<@Nullable ServingModel> serve,
            ModelListener listener) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("poll interval " + interval + " must be more than 0");
        }
        ArchiveFetcher fetcher = new ArchiveFetcher();
        Incumbent incumbent = new Incumbent(pool, reader, new KeptBundle(directory), serve, listener);
        incumbent.restore();
        ChampionCourse course = new ChampionCourse(pool, store, fetcher, incumbent, listener);
        ModelWatcher watcher = new ModelWatcher(course, fetcher, interval, kafka);
        watcher.thread.start();
        return watcher;
    }

    private void run() {
        while (!closing) {
            try {
                course.step();
            } catch (InterruptedException e) {
                break;
            } catch (RuntimeException e) {
                LOG.error("following the champion", e);
            }
            if (!closing && !course.isNudged()) {
                LockSupport.parkNanos(this, interval.toNanos());
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        if (aliases != null) {
            aliases.close();
        }
        fetcher.close();
        thread.interrupt();
        try {
            thread.join(CLOSE_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Moves announced in Kafka. What was there before is news only when all of it has been read. */
    private final class Announcements implements LogConsumer<AliasMoved> {
        private boolean caughtUp;

        @Override
        public void onRecord(AliasMoved moved, LogPosition position) {
            if (course.announced(moved) && caughtUp) {
                nudge();
            }
        }

        @Override
        public void onCaughtUp() {
            caughtUp = true;
            nudge();
        }

        private void nudge() {
            course.nudge();
            LockSupport.unpark(thread);
        }
    }
}
