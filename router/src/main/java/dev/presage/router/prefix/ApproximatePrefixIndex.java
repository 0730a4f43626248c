package dev.presage.router.prefix;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.request.InferenceRequest;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/**
 * The prefix index that learns from the router's own routing: what was sent somewhere is there until as much else was sent
 * as the engine's KV cache holds. Per endpoint bounded by that capacity, {@code defaultCapacityTokens} while the engine does
 * not say. Each endpoint has a lock of its own.
 */
public final class ApproximatePrefixIndex implements PrefixIndex {
    private record Held(String address, BlockLru lru) {}

    private final long defaultCapacityTokens;
    private final ConcurrentMap<String, Held> endpoints = new ConcurrentHashMap<>();

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
        if (blocks.length == 0) {
            return 0;
        }
        BlockLru lru = held(endpoint);
        synchronized (lru) {
            return lru.match(blocks);
        }
    }

    @Override
    public void sent(Endpoint endpoint, long[] blocks) {
        BlockLru lru = held(endpoint);
        synchronized (lru) {
            lru.add(blocks);
        }
    }

    @Override
    public void produced(Endpoint endpoint, int tokens) {
        BlockLru lru = held(endpoint);
        synchronized (lru) {
            lru.addAnonymous(tokens / InferenceRequest.BLOCK_TOKENS);
        }
    }

    @Override
    public void capacity(Endpoint endpoint, long tokens) {
        if (tokens > 0) {
            BlockLru lru = held(endpoint);
            synchronized (lru) {
                lru.capacity(tokens / InferenceRequest.BLOCK_TOKENS);
            }
        }
    }

    @Override
    public void retain(Collection<Endpoint> remaining) {
        endpoints.keySet().retainAll(remaining.stream().map(Endpoint::id).collect(Collectors.toSet()));
    }

    private BlockLru held(Endpoint endpoint) {
        Held held = endpoints.get(endpoint.id());
        if (held != null && held.address().equals(endpoint.address())) {
            return held.lru();
        }
        return endpoints
                .compute(
                        endpoint.id(),
                        (id, old) -> old != null && old.address().equals(endpoint.address())
                                ? old
                                : new Held(
                                        endpoint.address(),
                                        new BlockLru(defaultCapacityTokens / InferenceRequest.BLOCK_TOKENS)))
                .lru();
    }
}
