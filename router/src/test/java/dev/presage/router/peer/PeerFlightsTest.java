package dev.presage.router.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.EndpointPicker;
import dev.presage.router.Routing;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EndpointTwin;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.fleet.QueueState;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Exchange;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Ladder;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Two routers of one endpoint: what one has under way, the other one has in its books. */
class PeerFlightsTest {
    private static final Endpoint ENDPOINT = new Endpoint("default/e-rank-0", "10.0.0.1", 8000, Map.of());
    private static final long[] BLOCKS = LongStream.range(0, 15).toArray();
    private static final int PROMPT = 15 * InferenceRequest.BLOCK_TOKENS;

    private long nowMs = 1_000;
    private final InstantSource wall = () -> Instant.ofEpochMilli(nowMs);
    private final Fleet fleet = new Fleet();
    private final ApproximatePrefixIndex prefixes = new ApproximatePrefixIndex(1 << 16);
    private final PeerFlights peers = new PeerFlights(fleet, prefixes, () -> nowMs * 1_000_000, wall);
    private final EndpointPicker other = other();

    PeerFlightsTest() {
        fleet.replace(List.of(ENDPOINT));
    }

    private EndpointPicker other() {
        Fleet theirs = new Fleet();
        theirs.replace(List.of(ENDPOINT));
        Random random = new Random(1);
        return new EndpointPicker(
                theirs,
                new ApproximatePrefixIndex(1 << 16),
                Ladder.DEFAULT,
                List.of(new FlightReporter(wall, peers::heard)),
                () -> nowMs * 1_000_000,
                wall,
                () -> random,
                Duration.ofSeconds(5));
    }

    private Exchange sent(String id) {
        InferenceRequest request =
                new InferenceRequest(id, id, "m", "m", Api.CHAT, PROMPT, BLOCKS, 0, true, 0, Map.of());
        if (other.route(request, endpoint -> true) instanceof Routing.Started started) {
            started.exchange().responseStarted(200, true);
            return started.exchange();
        }
        throw new AssertionError("refused");
    }

    private EndpointTwin twin() {
        return Objects.requireNonNull(fleet.twin(ENDPOINT));
    }

    @Test
    void aRequestOfAnotherRouterWaitsDecodesAndEndsHereToo() {
        Exchange exchange = sent("a");
        assertEquals(PROMPT, twin().state().pendingTokens());
        assertEquals(15, prefixes.match(ENDPOINT, BLOCKS));

        exchange.streamedTokens(1, nowMs * 1_000_000);
        assertEquals(0, twin().state().pendingRequests());
        assertEquals(1, twin().state().decodingRequests());

        exchange.usage(new Usage(PROMPT, 0, 1 << 20));
        exchange.end(EndCause.COMPLETED);
        assertEquals(0, twin().state().inFlight());
        assertEquals(
                (1 << 16) / InferenceRequest.BLOCK_TOKENS,
                prefixes.size(),
                "the output took all the room that was left");
        assertEquals(0, peers.size());
    }

    @Test
    void whatIsExpectedInTheCacheIsNotPending() {
        sent("a").end(EndCause.CLIENT_DISCONNECT);
        sent("b");
        assertEquals(1, twin().state().pendingTokens());
    }

    @Test
    void newsCountsFromWhenItHappened() {
        peers.heard(new Flight.Sent("a", nowMs - 150, ENDPOINT.address(), 100, 0, BLOCKS));
        assertEquals((nowMs - 150) * 1_000_000, twin().state().progressNanos());
    }

    @Test
    void newsOfTheUnknownIsIgnored() {
        peers.heard(new Flight.FirstToken("never", nowMs));
        peers.heard(new Flight.Ended("never", nowMs, true, 5));
        peers.heard(new Flight.Sent("a", nowMs, "10.9.9.9:1", 100, 0, BLOCKS));
        assertEquals(0, peers.size());
        assertEquals(QueueState.IDLE, twin().state());
    }

    @Test
    void sentTwiceCountsOnce() {
        Flight news = new Flight.Sent("a", nowMs, ENDPOINT.address(), 100, 0, BLOCKS);
        peers.heard(news);
        peers.heard(news);
        assertEquals(1, twin().state().pendingRequests());
    }

    @Test
    void flightsOfALostRouterAreForgotten() {
        sent("a");
        nowMs += 601_000;
        peers.heard(new Flight.FirstToken("never", nowMs));
        assertEquals(0, twin().state().inFlight());
    }

    @Test
    void theOldestGoWhenThereAreTooMany() {
        for (int i = 0; i <= PeerFlights.MAX_FLIGHTS; i++) {
            peers.heard(new Flight.Sent("r" + i, nowMs, ENDPOINT.address(), 10, 0, new long[0]));
        }
        assertEquals(PeerFlights.MAX_FLIGHTS, peers.size());
        assertEquals(PeerFlights.MAX_FLIGHTS, twin().state().inFlight());
    }
}
