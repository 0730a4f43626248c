package dev.presage.store.service;

import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.pipeline.topics.KafkaConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces alias positions on {@code presage.models.v1}. It holds the latest position of each pool only (bounded by the pools of the
 * store), writes in the background, and tries again until Kafka has it; after an outage, and every so often, it announces all pools
 * again, so a missed announcement heals. Owns the thread {@code presage-alias-announcer}, which ends in {@link #close}.
 */
public final class AliasAnnouncer implements AliasListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AliasAnnouncer.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, List<AliasMoved>> latest = new HashMap<>();
    private final Set<String> pending = new LinkedHashSet<>();
    private final AliasSink sink;
    private final Duration retry;
    private final Duration repeat;
    private final Thread thread;
    private boolean closed;
    private boolean failing;

    AliasAnnouncer(AliasSink sink, Duration retry, Duration repeat) {
        this.sink = sink;
        this.retry = retry;
        this.repeat = repeat;
        thread = Thread.ofVirtual().name("presage-alias-announcer").unstarted(this::run);
    }

    /** Starts announcing; Kafka need not be there yet. */
    public static AliasAnnouncer start(KafkaConnection connection) {
        AliasAnnouncer announcer =
                new AliasAnnouncer(new KafkaAliasSink(connection), Duration.ofSeconds(2), Duration.ofMinutes(1));
        announcer.start();
        return announcer;
    }

    void start() {
        thread.start();
    }

    @Override
    public void onAliases(String pool, List<AliasMoved> aliases) {
        lock.lock();
        try {
            latest.merge(pool, aliases, AliasAnnouncer::newer);
            pending.add(pool);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Gives up what is not yet announced: the next start announces it. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sink.close();
    }

    /** Two requests may report in the other order than they were committed in. */
    private static List<AliasMoved> newer(List<AliasMoved> known, List<AliasMoved> told) {
        return told.getFirst().getRevision() >= known.getFirst().getRevision() ? told : known;
    }

    private void run() {
        try {
            while (true) {
                awaitWork();
                announce();
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void announce() throws InterruptedException {
        try {
            for (List<AliasMoved> aliases : take()) {
                for (AliasMoved moved : aliases) {
                    sink.publish(moved);
                }
            }
            if (failing) {
                LOG.info("Kafka is back; announcing all aliases again");
                failing = false;
                markAll();
            }
        } catch (KafkaException | IllegalStateException e) {
            if (!failing) {
                LOG.warn("Cannot announce aliases, trying on: {}", e.getMessage());
            }
            failing = true;
            markAll();
            TimeUnit.NANOSECONDS.sleep(retry.toNanos());
        }
    }

    private void awaitWork() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = repeat.toNanos();
            while (pending.isEmpty() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (closed) {
                throw new InterruptedException("closed");
            }
            if (left <= 0) {
                pending.addAll(latest.keySet());
            }
        } finally {
            lock.unlock();
        }
    }

    private List<List<AliasMoved>> take() {
        lock.lock();
        try {
            List<List<AliasMoved>> taken = new ArrayList<>();
            pending.forEach(pool -> taken.add(latest.getOrDefault(pool, List.of())));
            pending.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void markAll() {
        lock.lock();
        try {
            pending.addAll(latest.keySet());
        } finally {
            lock.unlock();
        }
    }
}
