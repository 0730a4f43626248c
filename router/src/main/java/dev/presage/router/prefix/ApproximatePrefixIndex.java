package dev.presage.router.prefix;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.FleetSnapshot;
import dev.presage.router.request.InferenceRequest;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The prefix index that learns from the router's own routing: what was sent somewhere is there until as much else was sent
 * as the engine's KV cache holds. Per endpoint bounded by that capacity, {@code defaultCapacityTokens} while the engine does
 * not say, and the prompts in flight there. One lock, which looking up shares and all else takes alone, for microseconds.
 *
 * <p>What is held belongs to an id at one address. The first prompt sent to a new address starts the id afresh, and late news
 * of the old address is ignored.
 */
public final class ApproximatePrefixIndex implements PrefixIndex {
    private final long defaultCapacityTokens;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final ConcurrentMap<String, Held> endpoints = new ConcurrentHashMap<>();
    private final RunTree tree = new RunTree();
    /** Numbers given to endpoints so far; those of forgotten ones are given again. */
    private int numbers;

    private final Deque<Integer> returned = new ArrayDeque<>();

    /** {@code defaultCapacityTokens} bounds an endpoint whose capacity is unknown. */
    public ApproximatePrefixIndex(long defaultCapacityTokens) {
        if (defaultCapacityTokens < InferenceRequest.BLOCK_TOKENS) {
            throw new IllegalArgumentException(
                    "default capacity " + defaultCapacityTokens + " tokens is less than one block");
        }
        this.defaultCapacityTokens = defaultCapacityTokens;
    }

    @Override
    public int match(Endpoint endpoint, long[] blocks) {
        Held held = blocks.length == 0 ? null : find(endpoint);
        if (held == null) {
            return 0;
        }
        lock.readLock().lock();
        try {
            return tree.match(held.runs, blocks);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public int[] match(FleetSnapshot fleet, long[] blocks) {
        int[] matched = new int[fleet.size()];
        int[] byNumber = byNumber(blocks);
        for (int i = 0; byNumber != null && i < matched.length; i++) {
            Held held = find(fleet.get(i).endpoint());
            matched[i] = held == null || held.runs.number >= byNumber.length ? 0 : byNumber[held.runs.number];
        }
        return matched;
    }

    private int @Nullable [] byNumber(long[] blocks) {
        lock.readLock().lock();
        try {
            return tree.match(blocks, numbers);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void sent(Endpoint endpoint, long[] blocks) {
        if (blocks.length > 0) {
            changeOrStart(endpoint, held -> tree.use(held.runs, blocks));
        }
    }

    @Override
    public void withdrawn(Endpoint endpoint, long[] blocks, int from) {
        if (blocks.length > 0) {
            change(endpoint, held -> tree.takeBack(held.runs, blocks, from));
        }
    }

    @Override
    public void ended(Endpoint endpoint, long[] blocks, int tokens) {
        change(endpoint, held -> held.ended(blocks, tokens));
    }

    /** One figure for all full caches: in the time that a block stays, too few are wanted again at one endpoint to tell it from others. */
    @Override
    public double[] displacement(FleetSnapshot fleet) {
        double[] displaced = new double[fleet.size()];
        lock.readLock().lock();
        try {
            double added = 0;
            double wantedAgain = 0;
            for (int i = 0; i < displaced.length; i++) {
                Held held = find(fleet.get(i).endpoint());
                if (held != null && held.runs.full()) {
                    added += held.runs.added();
                    wantedAgain += held.runs.wantedAgain();
                    displaced[i] = 1;
                }
            }
            for (int i = 0; i < displaced.length && added > 0; i++) {
                displaced[i] *= wantedAgain / added;
            }
            return displaced;
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void capacity(Endpoint endpoint, long tokens) {
        Held known = find(endpoint);
        if (tokens > 0 && (known == null || known.capacityTokens != tokens)) {
            changeOrStart(endpoint, held -> held.resize(tokens));
        }
    }

    @Override
    public void retain(Collection<Endpoint> remaining) {
        Map<String, String> addresses = new HashMap<>();
        remaining.forEach(endpoint -> addresses.put(endpoint.id(), endpoint.address()));
        alone(() -> endpoints.entrySet().removeIf(entry -> {
            boolean gone = !entry.getValue().address.equals(addresses.get(entry.getKey()));
            if (gone) {
                forget(entry.getValue());
            }
            return gone;
        }));
    }

    @Override
    public long size() {
        lock.readLock().lock();
        try {
            return endpoints.values().stream()
                    .mapToLong(held -> held.runs.size())
                    .sum();
        } finally {
            lock.readLock().unlock();
        }
    }

    private @Nullable Held find(Endpoint endpoint) {
        Held held = endpoints.get(endpoint.id());
        return held != null && held.address.equals(endpoint.address()) ? held : null;
    }

    private void change(Endpoint endpoint, Consumer<Held> change) {
        alone(() -> {
            Held held = find(endpoint);
            if (held != null) {
                change.accept(held);
            }
        });
    }

    private void changeOrStart(Endpoint endpoint, Consumer<Held> change) {
        alone(() -> {
            Held held = find(endpoint);
            change.accept(held == null ? start(endpoint) : held);
        });
    }

    private void alone(Runnable change) {
        lock.writeLock().lock();
        try {
            change.run();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Held start(Endpoint endpoint) {
        Held former = endpoints.remove(endpoint.id());
        if (former != null) {
            forget(former);
        }
        int number = returned.isEmpty() ? numbers++ : returned.pop();
        Held held = new Held(endpoint.address(), number, defaultCapacityTokens);
        endpoints.put(endpoint.id(), held);
        return held;
    }

    private void forget(Held held) {
        tree.clear(held.runs);
        returned.push(held.runs.number);
    }

    /** What one endpoint holds. Guarded by the lock, but for what says otherwise. */
    private final class Held {
        final String address;
        final HeldRuns runs;
        private int partialTokens;
        /** Read without the lock: every scrape tells it again. */
        volatile long capacityTokens;

        Held(String address, int number, long capacityTokens) {
            this.address = address;
            this.capacityTokens = capacityTokens;
            runs = new HeldRuns(number, capacityTokens / InferenceRequest.BLOCK_TOKENS);
        }

        /** Tokens take room before the prompt is free to go, and so go first. Those that fill no block take their room together. */
        void ended(long[] prompt, int tokens) {
            long room = (long) partialTokens + tokens;
            partialTokens = (int) (room % InferenceRequest.BLOCK_TOKENS);
            runs.addOutput((int) (room / InferenceRequest.BLOCK_TOKENS));
            tree.release(runs, prompt);
        }

        void resize(long tokens) {
            capacityTokens = tokens;
            runs.capacity(tokens / InferenceRequest.BLOCK_TOKENS);
            tree.evict(runs);
        }
    }
}
