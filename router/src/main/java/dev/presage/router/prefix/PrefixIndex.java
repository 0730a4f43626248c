package dev.presage.router.prefix;

import dev.presage.router.fleet.Endpoint;
import java.util.Collection;

/**
 * What each endpoint's KV cache is believed to hold. Thread-safe. Blocks are chained hashes: a block's hash stands for the
 * whole prompt up to its end, so only a contiguous match from the start counts.
 */
public interface PrefixIndex {
    /** How many leading blocks of the prompt the endpoint is believed to hold. */
    int match(Endpoint endpoint, long[] blocks);

    /** The endpoint was sent a prompt of these blocks. */
    void sent(Endpoint endpoint, long[] blocks);

    /** The endpoint produced {@code tokens} of output, which took room in its cache. */
    void produced(Endpoint endpoint, int tokens);

    /** The endpoint's KV cache holds this many tokens. */
    void capacity(Endpoint endpoint, long tokens);

    /** Blocks held over all endpoints, also those without a hash; 0 of an index that does not count. For the eyes of operators. */
    default long size() {
        return 0;
    }

    /** Only these endpoints remain; a restarted or removed one is forgotten. */
    void retain(Collection<Endpoint> endpoints);
}
