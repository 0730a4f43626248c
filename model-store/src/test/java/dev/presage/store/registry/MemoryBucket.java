package dev.presage.store.registry;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An object store in memory that outlives its registries. */
final class MemoryBucket implements ObjectBucket {
    private final Map<String, Entry> entries = new TreeMap<>();
    private final InstantSource clock;
    private long writes;

    private record Entry(byte[] bytes, String tag, long atMs) {}

    MemoryBucket(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Optional<Stored> get(String key, int most) {
        return Optional.ofNullable(entries.get(key))
                .map(entry ->
                        new Stored(Arrays.copyOf(entry.bytes(), Math.min(most, entry.bytes().length)), entry.tag()));
    }

    @Override
    public synchronized Optional<String> create(String key, byte[] bytes) {
        return entries.containsKey(key) ? Optional.empty() : Optional.of(put(key, bytes));
    }

    @Override
    public synchronized Optional<String> replace(String key, byte[] bytes, String tag) {
        Entry known = entries.get(key);
        return known != null && known.tag().equals(tag) ? Optional.of(put(key, bytes)) : Optional.empty();
    }

    /** Whatever was there. */
    synchronized String put(String key, byte[] bytes) {
        String tag = "tag-" + ++writes;
        entries.put(key, new Entry(bytes.clone(), tag, clock.millis()));
        return tag;
    }

    @Override
    public synchronized void delete(String key) {
        entries.remove(key);
    }

    @Override
    public synchronized List<Listed> list(String prefix) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> new Listed(entry.getKey(), entry.getValue().atMs()))
                .toList();
    }

    @Override
    public String toString() {
        return "memory";
    }

    @Override
    public void close() {
        // Stays for the next registry.
    }
}
