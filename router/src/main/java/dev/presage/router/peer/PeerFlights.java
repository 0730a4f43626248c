package dev.presage.router.peer;

import dev.presage.router.fleet.Dispatch;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EndpointTwin;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.prefix.PrefixIndex;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests of other routers, kept in this one's books as if it had sent them: they queue in the endpoints' twins and fill the
 * prefix index. News comes late; its time is what the other router says, corrected by nothing, so clocks should agree to within
 * tens of milliseconds. Without news the scraped queue still shows what is there beyond the router's own.
 *
 * <p>Thread-safe. Bounded by {@value #MAX_FLIGHTS} flights and {@value #MAX_BLOCKS} blocks of their prompts, the oldest go first; one that
 * is not over after ten minutes is taken for lost with its router.
 */
public final class PeerFlights {
    static final int MAX_FLIGHTS = 1 << 16;
    /** 64 MB. */
    static final long MAX_BLOCKS = 1 << 23;

    private static final long LOST_NANOS = 600_000_000_000L;
    private static final long NANOS_PER_MS = 1_000_000;
    /** News that is older by the clocks is taken to be this old. */
    private static final long MAX_LATE_MS = 5_000;

    private record InFlight(Endpoint endpoint, Dispatch dispatch, long[] blocks, long sinceNanos) {}

    private final Fleet fleet;
    private final PrefixIndex prefixes;
    private final LongSupplier nanoClock;
    private final InstantSource wallClock;
    private final Map<String, InFlight> flights = new LinkedHashMap<>();
    private long blocks;

    public PeerFlights(Fleet fleet, PrefixIndex prefixes, LongSupplier nanoClock, InstantSource wallClock) {
        this.fleet = fleet;
        this.prefixes = prefixes;
        this.nanoClock = nanoClock;
        this.wallClock = wallClock;
    }

    /** News of another router; what it says of requests or endpoints that are unknown here is ignored. */
    public synchronized void heard(Flight flight) {
        long now = nanoClock.getAsLong();
        long late = Math.clamp(wallClock.millis() - flight.atMs(), 0, MAX_LATE_MS);
        long then = now - late * NANOS_PER_MS;
        forgetLost(now);
        switch (flight) {
            case Flight.Sent sent -> sent(sent, then);
            case Flight.FirstToken first -> {
                InFlight known = flights.get(first.id());
                if (known != null) {
                    known.dispatch().firstToken(then);
                }
            }
            case Flight.Ended ended -> ended(ended, then);
        }
    }

    /** Requests of other routers that are under way. */
    public synchronized int size() {
        return flights.size();
    }

    private void sent(Flight.Sent sent, long then) {
        Endpoint endpoint = endpoint(sent.address());
        EndpointTwin twin = endpoint == null ? null : fleet.twin(endpoint);
        if (endpoint == null || twin == null || flights.containsKey(sent.id())) {
            return;
        }
        Dispatch dispatch = twin.dispatch(sent.promptTokens(), sent.cachedTokens(), then);
        flights.put(sent.id(), new InFlight(endpoint, dispatch, sent.blocks(), then));
        blocks += sent.blocks().length;
        prefixes.sent(endpoint, sent.blocks());
    }

    private void ended(Flight.Ended ended, long then) {
        InFlight known = flights.remove(ended.id());
        if (known != null) {
            if (ended.answered()) {
                known.dispatch().answered();
            }
            known.dispatch().end(then);
            over(known, ended.outputTokens());
        }
    }

    private void over(InFlight flight, int outputTokens) {
        blocks -= flight.blocks().length;
        prefixes.ended(flight.endpoint(), flight.blocks(), outputTokens);
    }

    private void forgetLost(long now) {
        Iterator<InFlight> oldest = flights.values().iterator();
        while (oldest.hasNext()) {
            InFlight flight = oldest.next();
            if (flights.size() < MAX_FLIGHTS && blocks < MAX_BLOCKS && now - flight.sinceNanos() < LOST_NANOS) {
                return;
            }
            flight.dispatch().end(now);
            over(flight, 0);
            oldest.remove();
        }
    }

    private @Nullable Endpoint endpoint(String address) {
        for (Endpoint endpoint : fleet.endpoints()) {
            if (endpoint.address().equals(address)) {
                return endpoint;
            }
        }
        return null;
    }
}
