package dev.presage.router.prefix;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.FleetSnapshot;
import java.util.Collection;

/**
 * What each endpoint's KV cache is believed to hold. Thread-safe. Blocks are chained hashes: a block's hash stands for the
 * whole prompt up to its end, so only a contiguous match from the start counts.
 */
public interface PrefixIndex {
    /** How many leading blocks of the prompt the endpoint is believed to hold. */
    int match(Endpoint endpoint, long[] blocks);

    /** The same of each endpoint of a fleet, in its order. */
    default int[] match(FleetSnapshot fleet, long[] blocks) {
        int[] matched = new int[fleet.size()];
        for (int i = 0; i < matched.length; i++) {
            matched[i] = match(fleet.get(i).endpoint(), blocks);
        }
        return matched;
    }

    /**
     * How many tokens must be computed again later for each token that is computed on an endpoint, because it evicts what is wanted
     * again; one per endpoint of the fleet, in its order. 0 where nothing is evicted or nothing is known.
     */
    default double[] displacement(FleetSnapshot fleet) {
        return new double[fleet.size()];
    }

    /** The endpoint was sent a prompt of these blocks, which it holds until {@link #ended} or {@link #withdrawn} and perhaps longer. */
    void sent(Endpoint endpoint, long[] blocks);

    /**
     * The endpoint was not sent the prompt after all: {@link #sent} is taken back for the blocks from {@code from} on, those
     * that it was not believed to hold before.
     */
    void withdrawn(Endpoint endpoint, long[] blocks, int from);

    /** A request that was {@link #sent} is over; {@code tokens} that are in none of its blocks, as its output, took room, too. */
    void ended(Endpoint endpoint, long[] blocks, int tokens);

    /** The endpoint's KV cache holds this many tokens. */
    void capacity(Endpoint endpoint, long tokens);

    /** Blocks held over all endpoints, also those without a hash; 0 of an index that does not count. For the eyes of operators. */
    default long size() {
        return 0;
    }

    /** Only these endpoints remain; a restarted or removed one is forgotten. */
    void retain(Collection<Endpoint> endpoints);
}
