package dev.presage.pipeline.join;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a join runs.
 *
 * @param applicationId Kafka Streams' application id: consumer group and prefix of the changelog topics; instances that
 *     share it share the work
 * @param stateDirectory where this instance keeps its state between runs; lost state is restored from Kafka
 * @param retention how long a half waits for the other and a settled request is remembered, in stream time. Give more
 *     than the longest request plus the longest outage whose spool is to be replayed
 * @param threads stream threads; more than there are partitions stay idle
 * @param store where the state lives while it runs
 */
public record JoinSettings(String applicationId, Path stateDirectory, Duration retention, int threads, Store store) {
    private static final Duration MIN_RETENTION = Duration.ofSeconds(1);
    private static final int MAX_THREADS = 64;

    /** Both are restored from Kafka after a crash. */
    public enum Store {
        /** On disk with bounded memory (see {@link BoundedRocksDb}), whatever the traffic and retention. */
        ROCKSDB,
        /** On the heap: no native code, about 1 KB per request in flight and 200 B per settled one. */
        MEMORY
    }

    public JoinSettings {
        if (applicationId.isBlank()) {
            throw new IllegalArgumentException("applicationId is \"" + applicationId + "\", want a name");
        }
        if (retention.compareTo(MIN_RETENTION) < 0) {
            throw new IllegalArgumentException("retention is " + retention + ", want at least " + MIN_RETENTION);
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads is " + threads + ", want 1.." + MAX_THREADS);
        }
    }

    /** One thread, one hour, RocksDB. */
    public static JoinSettings in(Path stateDirectory) {
        return new JoinSettings("presage-join", stateDirectory, Duration.ofHours(1), 1, Store.ROCKSDB);
    }

    public JoinSettings withRetention(Duration newRetention) {
        return new JoinSettings(applicationId, stateDirectory, newRetention, threads, store);
    }

    public JoinSettings withStore(Store newStore) {
        return new JoinSettings(applicationId, stateDirectory, retention, threads, newStore);
    }
}
