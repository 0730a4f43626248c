package dev.presage.router.prefix;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.request.InferenceRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The prefix index that learns from the router's own routing: what was sent somewhere is there until as much else was sent
 * as the engine's KV cache holds. Per endpoint bounded by that capacity, {@code defaultCapacityTokens} while the engine does
 * not say. Each endpoint has a lock of its own.
 *
 * <p>What is held belongs to an id at one address. The first prompt sent to a new address starts the id afresh, and late news
 * of the old address is ignored.
 */
public final class ApproximatePrefixIndex implements PrefixIndex {
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
        Held held = blocks.length == 0 ? null : find(endpoint);
        return held == null ? 0 : held.match(blocks);
    }

    @Override
    public void sent(Endpoint endpoint, long[] blocks) {
        if (blocks.length > 0) {
            findOrStart(endpoint).sent(blocks);
        }
    }

    @Override
    public void produced(Endpoint endpoint, int tokens) {
        Held held = tokens <= 0 ? null : find(endpoint);
        if (held != null) {
            held.produced(tokens);
        }
    }

    @Override
    public void capacity(Endpoint endpoint, long tokens) {
        if (tokens > 0) {
            findOrStart(endpoint).capacity(tokens);
        }
    }

    @Override
    public void retain(Collection<Endpoint> remaining) {
        Map<String, String> addresses = new HashMap<>();
        remaining.forEach(endpoint -> addresses.put(endpoint.id(), endpoint.address()));
        endpoints.entrySet().removeIf(held -> !held.getValue().address.equals(addresses.get(held.getKey())));
    }

    @Override
    public long size() {
        return endpoints.values().stream().mapToLong(Held::size).sum();
    }

    private @Nullable Held find(Endpoint endpoint) {
        Held held = endpoints.get(endpoint.id());
        return held != null && held.address.equals(endpoint.address()) ? held : null;
    }

    private Held findOrStart(Endpoint endpoint) {
        Held held = find(endpoint);
        return held != null
                ? held
                : endpoints.compute(
                        endpoint.id(),
                        (id, old) -> old != null && old.address.equals(endpoint.address())
                                ? old
                                : new Held(endpoint.address(), defaultCapacityTokens));
    }

    /** What one endpoint holds, behind its lock. */
    private static final class Held {
        final String address;
        private final BlockLru blocks;
        private int partialTokens;

        Held(String address, long capacityTokens) {
            this.address = address;
            blocks = new BlockLru(capacityTokens / InferenceRequest.BLOCK_TOKENS);
        }

        synchronized int match(long[] wanted) {
            return blocks.match(wanted);
        }

        synchronized long size() {
            return blocks.size();
        }

        synchronized void sent(long[] added) {
            blocks.add(added);
        }

        /** Replies shorter than a block take their room together. */
        synchronized void produced(int tokens) {
            long room = (long) partialTokens + tokens;
            partialTokens = (int) (room % InferenceRequest.BLOCK_TOKENS);
            blocks.addAnonymous((int) (room / InferenceRequest.BLOCK_TOKENS));
        }

        synchronized void capacity(long tokens) {
            blocks.capacity(tokens / InferenceRequest.BLOCK_TOKENS);
        }
    }
}
