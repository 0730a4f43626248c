package dev.presage.router.model;

import dev.presage.pipeline.eventlog.AliasLog;
import dev.presage.pipeline.eventlog.LogConsumer;
import dev.presage.pipeline.eventlog.LogPosition;
import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.router.predict.ServingModel;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.registry.Alias;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the pool's champion in service, and its challenger and canary in their seats. It learns of moves from Kafka at once and from the store by asking; either may be away
 * or absent. One thread, owned here, does all fetching and swapping; {@link #close} ends it and leaves the model serving.
 */
public final class ModelWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelWatcher.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final List<AliasCourse> courses;
    private final String pool;
    private final @Nullable BundleSource store;
    private final Queue<Rejection> rejections = new ConcurrentLinkedQueue<>();
    private final ArchiveFetcher fetcher;
    private final Duration interval;
    private final Thread thread;
    private final @Nullable AliasLog aliases;
    private volatile boolean closing;

    private record Rejection(BundleId bundle, String actor, String reason) {}

    private ModelWatcher(
            String pool,
            @Nullable BundleSource store,
            List<AliasCourse> courses,
            ArchiveFetcher fetcher,
            Duration interval,
            @Nullable KafkaConnection kafka) {
        this.pool = pool;
        this.store = store;
        this.courses = courses;
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
     * @param seats take the models
     */
    public static ModelWatcher start(
            String pool,
            @Nullable BundleSource store,
            @Nullable KafkaConnection kafka,
            BundleReader reader,
            Path directory,
            Duration interval,
            ModelSeats seats,
            ModelListener listener) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("poll interval " + interval + " must be more than 0");
        }
        ArchiveFetcher fetcher = new ArchiveFetcher();
        List<AliasCourse> courses = new ArrayList<>();
        for (Alias alias : List.of(Alias.CHAMPION, Alias.CHALLENGER, Alias.CANARY)) {
            KeptBundle kept = new KeptBundle(directory, alias);
            Incumbent incumbent = new Incumbent(pool, alias, reader, kept, seat(seats, alias), listener);
            // Only the champion is worth a decision that nobody can confirm.
            if (alias == Alias.CHAMPION) {
                incumbent.restore();
            }
            courses.add(new AliasCourse(pool, alias, store, fetcher, incumbent, listener));
        }
        ModelWatcher watcher = new ModelWatcher(pool, store, List.copyOf(courses), fetcher, interval, kafka);
        watcher.thread.start();
        return watcher;
    }

    private static Consumer<@Nullable ServingModel> seat(ModelSeats seats, Alias alias) {
        return switch (alias) {
            case CHAMPION, PREVIOUS -> seats::serve;
            case CHALLENGER -> seats::challenge;
            case CANARY -> seats::trial;
        };
    }

    /** Has a version taken out of service for all routers, if the store lets this one; returns at once. Any thread. */
    public void reject(String bundleId, String actor, String reason) {
        rejections.add(new Rejection(BundleId.parse(bundleId), actor, reason));
        courses.getFirst().nudge();
        LockSupport.unpark(thread);
    }

    private void sendRejections() {
        for (Rejection rejection = rejections.poll(); rejection != null; rejection = rejections.poll()) {
            try {
                boolean done =
                        store != null && store.reject(pool, rejection.bundle(), rejection.actor(), rejection.reason());
                LOG.info("{} was {}rejected at the store", rejection.bundle(), done ? "" : "not ");
            } catch (IOException e) {
                LOG.warn("{} cannot be rejected at the store: {}", rejection.bundle(), e.getMessage());
            }
        }
    }

    private boolean isNudged() {
        return courses.stream().anyMatch(AliasCourse::isNudged);
    }

    private void run() {
        while (!closing) {
            try {
                sendRejections();
                for (AliasCourse course : courses) {
                    course.step();
                }
            } catch (InterruptedException e) {
                break;
            } catch (RuntimeException e) {
                LOG.error("following the champion", e);
            }
            if (!closing && !isNudged()) {
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
            boolean concerns = false;
            for (AliasCourse course : courses) {
                concerns |= course.announced(moved);
            }
            if (concerns && caughtUp) {
                nudge();
            }
        }

        @Override
        public void onCaughtUp() {
            caughtUp = true;
            nudge();
        }

        private void nudge() {
            courses.forEach(AliasCourse::nudge);
            LockSupport.unpark(thread);
        }
    }
}
