package dev.presage.router.flow;

import java.time.Duration;
import java.util.Map;

/**
 * How requests are queued, as configured. Immutable.
 *
 * @param global bounds on all bands together
 * @param requestTtl how long a request waits that says nothing itself
 * @param noEndpointTtl the same while the pool is empty; zero turns it away at once
 * @param bands the configured ones by priority
 * @param otherBands what a band of another priority is like
 * @param negativeBands the same below 0
 * @param ceilings up to which saturation each priority may go
 * @param evicts whether requests of negative priority that are being served make room for others
 */
public record FlowSettings(
        Limits global,
        Duration requestTtl,
        Duration noEndpointTtl,
        Map<Integer, BandSettings> bands,
        BandSettings otherBands,
        BandSettings negativeBands,
        Ceilings ceilings,
        boolean evicts) {
    /** The contract's default. */
    public static final Duration TTL = Duration.ofSeconds(60);

    public static final FlowSettings DEFAULT = new FlowSettings(
            Limits.NONE, TTL, TTL, Map.of(), BandSettings.DEFAULT, BandSettings.DEFAULT, Ceilings.NONE, false);

    public FlowSettings {
        bands = Map.copyOf(bands);
        if (requestTtl.isNegative() || requestTtl.isZero() || noEndpointTtl.isNegative()) {
            throw new IllegalArgumentException("requestTtl " + requestTtl + " must be more than 0 and noEndpointTtl "
                    + noEndpointTtl + " at least 0");
        }
    }

    /** Whether any band is ordered like that. */
    boolean orders(Ordering ordering) {
        return otherBands.ordering() == ordering
                || negativeBands.ordering() == ordering
                || bands.values().stream().anyMatch(band -> band.ordering() == ordering);
    }

    BandSettings band(int priority) {
        return bands.getOrDefault(priority, priority < 0 ? negativeBands : otherBands);
    }

    /** The same with these bands for all priorities. */
    public FlowSettings with(BandSettings all) {
        return new FlowSettings(global, requestTtl, noEndpointTtl, Map.of(), all, all, ceilings, evicts);
    }

    /** The same with other waiting times. */
    public FlowSettings waiting(Duration ttl, Duration ttlWithoutEndpoints) {
        return new FlowSettings(global, ttl, ttlWithoutEndpoints, bands, otherBands, negativeBands, ceilings, evicts);
    }
}
