package dev.presage.pipeline.join;

import dev.presage.pipeline.proto.JoinEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What one task of the join remembers, by request id, with an index by age beside it so that forgetting costs only what
 * is forgotten. Bounded by arrivals within one retention. Used by the task's stream thread alone.
 */
final class Requests {
    static final String ENTRIES = "requests";
    static final String AGES = "ages";

    private static final byte[] PRESENT = {};

    private final KeyValueStore<String, JoinEntry> entries;
    private final KeyValueStore<Bytes, byte[]> ages;
    // Where the next scan begins: everything older is gone, and its tombstones need not be read again.
    private long forgottenTo;

    Requests(KeyValueStore<String, JoinEntry> entries, KeyValueStore<Bytes, byte[]> ages) {
        this.entries = entries;
        this.ages = ages;
    }

    Optional<JoinEntry> find(String requestId) {
        return Optional.ofNullable(entries.get(requestId));
    }

    /** Replaces {@code before}, which is what {@link #find} gave, by {@code after}. */
    void replace(String requestId, Optional<JoinEntry> before, JoinEntry after) {
        if (before.isPresent() && before.get().equals(after)) {
            return;
        }
        boolean sameAge = before.isPresent() && before.get().getSinceMs() == after.getSinceMs();
        if (!sameAge) {
            before.ifPresent(entry -> ages.delete(ageKey(entry.getSinceMs(), requestId)));
            ages.put(ageKey(after.getSinceMs(), requestId), PRESENT);
        }
        entries.put(requestId, after);
    }

    /** Forgets up to {@code limit} requests whose since time is at most {@code cutoffMs}, oldest first. */
    void forget(long cutoffMs, int limit, Consumer<JoinEntry> forgotten) {
        List<Bytes> due = due(cutoffMs, limit);
        for (Bytes key : due) {
            JoinEntry entry = entries.delete(requestId(key));
            ages.delete(key);
            if (entry != null) {
                forgotten.accept(entry);
            }
        }
        if (due.size() < limit) {
            forgottenTo = Math.max(forgottenTo, cutoffMs);
        }
    }

    private List<Bytes> due(long cutoffMs, int limit) {
        List<Bytes> due = new ArrayList<>();
        if (cutoffMs < 0) {
            return due;
        }
        Bytes end = ageKey(cutoffMs + 1, "");
        try (KeyValueIterator<Bytes, byte[]> oldestFirst = ages.range(ageKey(forgottenTo, ""), end)) {
            while (oldestFirst.hasNext() && due.size() < limit) {
                Bytes key = oldestFirst.next().key;
                // The range's end is inclusive; a key equal to it has no request id and does not exist.
                due.add(key);
            }
        }
        return due;
    }

    /** Orders by time: big-endian milliseconds, which are never negative, then the request id. */
    private static Bytes ageKey(long sinceMs, String requestId) {
        byte[] id = requestId.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + id.length)
                .putLong(Math.max(0, sinceMs))
                .put(id)
                .array());
    }

    private static String requestId(Bytes ageKey) {
        byte[] key = ageKey.get();
        return new String(key, Long.BYTES, key.length - Long.BYTES, StandardCharsets.UTF_8);
    }
}
