package dev.presage.router.prefix;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The blocks that one endpoint's cache is believed to hold, least recently used first out, at most {@code capacity} of them.
 * Not thread-safe.
 */
final class BlockLru {
    private final LinkedHashMap<Long, Boolean> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private long capacity;
    private long anonymous = Long.MIN_VALUE;

    BlockLru(long capacity) {
        this.capacity = capacity;
    }

    void capacity(long newCapacity) {
        capacity = newCapacity;
        trim();
    }

    int match(long[] wanted) {
        int matched = 0;
        while (matched < wanted.length && blocks.containsKey(wanted[matched])) {
            matched++;
        }
        return matched;
    }

    /** Touches or adds the blocks; the last becomes the oldest of them, as engines evict a prompt's tail before its head. */
    void add(long[] added) {
        for (int i = added.length - 1; i >= 0; i--) {
            blocks.put(added[i], Boolean.TRUE);
        }
        trim();
    }

    /** Room taken by blocks that no prompt will match. */
    void addAnonymous(int count) {
        for (int i = 0; i < count; i++) {
            blocks.put(anonymous++, Boolean.TRUE);
        }
        trim();
    }

    int size() {
        return blocks.size();
    }

    private void trim() {
        var eldest = blocks.entrySet().iterator();
        while (blocks.size() > capacity && eldest.hasNext()) {
            Map.Entry<Long, Boolean> ignored = eldest.next();
            eldest.remove();
        }
    }
}
