package dev.presage.store.console;

import dev.presage.pipeline.eventlog.RequestLog;
import dev.presage.pipeline.eventlog.RequestSearch;
import dev.presage.pipeline.eventlog.StartFrom;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.topics.KafkaConnection;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The latest requests of all pools, from the event log: at most {@value #MAX_REQUESTS} and {@value #MAX_BYTES} bytes of records (about twice
 * that of heap), the oldest leave first. Kafka may be away; then nothing new comes. Thread-safe.
 */
public final class RecentRequests implements AutoCloseable {
    static final int MAX_REQUESTS = 20_000;
    static final long MAX_BYTES = 32L << 20;

    /** Of each partition, read back at the start. */
    private static final long REREAD = 5_000;
    /** Outcomes whose decision has not been read yet. */
    private static final int MAX_EARLY = 20_000;

    private static final long SEARCHED = 1_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, OutcomeEvent> early = new LinkedHashMap<>();
    private final Semaphore searches = new Semaphore(1);
    private final @Nullable KafkaConnection kafka;
    private final @Nullable RequestLog log;
    private long bytes;

    /** A routed request; {@code outcome} is null until it is known. */
    record Entry(DecisionEvent decision, @Nullable OutcomeEvent outcome) {
        int bytes() {
            return decision.getSerializedSize() + (outcome == null ? 0 : outcome.getSerializedSize());
        }
    }

    private RecentRequests(@Nullable KafkaConnection kafka) {
        this.kafka = kafka;
        log = kafka == null
                ? null
                : RequestLog.follow(
                        kafka,
                        StartFrom.last(REREAD),
                        (decision, position) -> decided(decision),
                        (outcome, position) -> ended(outcome));
    }

    /** Follows the log until it is closed. */
    public static RecentRequests follow(KafkaConnection kafka) {
        return new RecentRequests(kafka);
    }

    /** Of a store without an event log. */
    public static RecentRequests none() {
        return new RecentRequests(null);
    }

    synchronized void decided(DecisionEvent decision) {
        put(new Entry(decision, early.remove(decision.getRequestId())));
        Iterator<Entry> oldest = entries.values().iterator();
        while (entries.size() > MAX_REQUESTS || bytes > MAX_BYTES) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    synchronized void ended(OutcomeEvent outcome) {
        Entry known = entries.get(outcome.getRequestId());
        if (known != null) {
            put(new Entry(known.decision(), outcome));
            return;
        }
        early.put(outcome.getRequestId(), outcome);
        if (early.size() > MAX_EARLY) {
            early.remove(early.keySet().iterator().next());
        }
    }

    private void put(Entry entry) {
        Entry before = entries.put(entry.decision().getRequestId(), entry);
        bytes += entry.bytes() - (before == null ? 0 : before.bytes());
    }

    /** Whether there is an event log to look at. */
    boolean isFollowing() {
        return log != null;
    }

    /** The newest that the filter lets through, the last decided first; partitions come in any order. */
    synchronized List<Entry> newest(int limit, Predicate<Entry> filter) {
        return entries.values().stream()
                .filter(filter)
                .sorted(Comparator.comparingLong(
                        (Entry entry) -> -entry.decision().getDecidedAtMs()))
                .limit(limit)
                .toList();
    }

    /** By the router's id. */
    synchronized Optional<Entry> find(String requestId) {
        return Optional.ofNullable(entries.get(requestId));
    }

    /** Looks further back in the log, for one visitor at a time. By the router's id or the client's. */
    Optional<Entry> search(String id) {
        if (kafka == null) {
            return Optional.empty();
        }
        if (!searches.tryAcquire()) {
            throw new ConsoleException(503, "Somebody searches the event log already; try again in a moment.");
        }
        try {
            RequestSearch.Found found = RequestSearch.find(kafka, id, SEARCHED, PATIENCE);
            return found.decision()
                    .map(decision -> new Entry(decision, found.outcome().orElse(null)));
        } finally {
            searches.release();
        }
    }

    @Override
    public void close() {
        if (log != null) {
            log.close();
        }
    }
}
