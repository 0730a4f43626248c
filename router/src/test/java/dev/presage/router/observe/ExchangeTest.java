package dev.presage.router.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.presage.router.fleet.EndpointTwin;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Fallback;
import dev.presage.router.predict.TestFleet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExchangeTest {
    private static final long MS = 1_000_000;

    private final EndpointTwin twin = new EndpointTwin();
    private final List<String> order = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private long nanos = 5 * MS;

    @Test
    void ttftRunsFromDispatchAndTpotOverTheTokensAfterTheFirst() {
        Exchange exchange = begin();
        exchange.responseStarted(200, true);
        exchange.streamedTokens(1, 25 * MS);
        exchange.streamedTokens(2, 40 * MS);
        exchange.streamedTokens(0, 90 * MS);
        exchange.streamedTokens(2, 65 * MS);
        nanos = 75 * MS;
        exchange.end(EndCause.COMPLETED);

        Outcome outcome = outcome();
        assertEquals(20, value(outcome.ttftMs()));
        assertEquals(40 / 4.0, value(outcome.tpotMs()));
        assertEquals(70, outcome.e2eMs());
        assertEquals(new Usage(-1, -1, 5), outcome.usage());
        assertEquals(5, outcome.dispatchedAtMs());
        assertEquals(75, outcome.endedAtMs());
        assertEquals(200, outcome.httpStatus());
        assertEquals(true, outcome.streaming());
        assertEquals("10.0.0.1:8000", outcome.servedBy());
        assertEquals(0, twin.state().inFlight());
    }

    @Test
    void theEnginesCountOverridesTheCountedTokens() {
        Exchange exchange = begin();
        exchange.responseStarted(200, true);
        exchange.streamedTokens(1, 10 * MS);
        exchange.streamedTokens(1, 30 * MS);
        exchange.usage(new Usage(100, 64, 11));
        exchange.servedBy("10.0.0.7:8000");
        exchange.end(EndCause.COMPLETED);

        assertEquals(2, value(outcome().tpotMs()));
        assertEquals(new Usage(100, 64, 11), outcome().usage());
        assertEquals("10.0.0.7:8000", outcome().servedBy());
    }

    @Test
    void tokensThatWereSeenCountWhenTheEngineReportsNone() {
        Exchange exchange = begin();
        exchange.responseStarted(200, true);
        exchange.streamedTokens(3, 10 * MS);
        exchange.usage(new Usage(100, 64, 0));
        exchange.end(EndCause.COMPLETED);

        assertEquals(new Usage(100, 64, 3), outcome().usage());
    }

    @Test
    void oneTokenHasNoTpot() {
        Exchange exchange = begin();
        exchange.responseStarted(200, true);
        exchange.streamedTokens(1, 10 * MS);
        exchange.end(EndCause.COMPLETED);

        assertEquals(5, value(outcome().ttftMs()));
        assertNull(outcome().tpotMs());
    }

    @Test
    void aReplyThatIsNotStreamedHasNeitherButItsUsage() {
        twin.dispatch(70, 0, 0);
        Exchange exchange = begin();
        exchange.responseStarted(200, false);
        exchange.streamedTokens(9, 10 * MS);
        assertEquals(2, twin.state().pendingRequests(), "no first token was seen");
        exchange.usage(new Usage(100, 64, 9));
        nanos = 20 * MS;
        exchange.end(EndCause.COMPLETED);

        assertNull(outcome().ttftMs());
        assertNull(outcome().tpotMs());
        assertEquals(15, outcome().e2eMs());
        assertEquals(9, outcome().usage().outputTokens());
        assertEquals(0, twin.state().pendingRequests(), "what was sent earlier is past its prefill too");
        assertEquals(1, twin.state().decodingRequests());
    }

    @Test
    void anErrorHasNoFirstTokenAndSaysNothingOfOthers() {
        twin.dispatch(70, 0, 0);
        Exchange exchange = begin();
        exchange.responseStarted(503, true);
        exchange.streamedTokens(4, 10 * MS);
        exchange.end(EndCause.UPSTREAM_ERROR);

        assertNull(outcome().ttftMs());
        assertEquals(Usage.UNKNOWN, outcome().usage());
        assertEquals(EndCause.UPSTREAM_ERROR, outcome().cause());
        assertEquals(1, twin.state().pendingRequests());
        assertEquals(0, twin.state().decodingRequests());
    }

    @Test
    void anAnswerThatIsAClientErrorOrCutOffSaysNothingOfOthersEither() {
        twin.dispatch(70, 0, 0);
        Exchange refused = begin();
        refused.responseStarted(404, false);
        refused.end(EndCause.COMPLETED);
        Exchange cut = begin();
        cut.responseStarted(200, false);
        cut.end(EndCause.CLIENT_DISCONNECT);
        begin().end(EndCause.ROUTER_SHUTDOWN);

        assertEquals(1, twin.state().pendingRequests());
        assertEquals(0, twin.state().decodingRequests());
        assertEquals(3, outcomes.size());
    }

    @Test
    void whatComesAfterTheEndIsIgnored() {
        Exchange exchange = begin();
        exchange.responseStarted(200, true);
        exchange.end(EndCause.CLIENT_DISCONNECT);
        exchange.streamedTokens(1, 10 * MS);
        exchange.end(EndCause.COMPLETED);

        assertEquals(1, outcomes.size());
        assertEquals(EndCause.CLIENT_DISCONNECT, outcome().cause());
        assertEquals(0, twin.state().inFlight());
    }

    @Test
    void booksAreSettledBeforeListenersHear() {
        begin().end(EndCause.COMPLETED);

        assertEquals(List.of("settled, in flight 0", "listener"), order);
    }

    @Test
    void endsExactlyOnceFromTwoThreads() throws InterruptedException {
        int rounds = 500;
        AtomicInteger settled = new AtomicInteger();
        AtomicInteger heard = new AtomicInteger();
        CyclicBarrier start = new CyclicBarrier(2);
        List<Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            exchanges.add(new Exchange(
                    decision(),
                    twin.dispatch(10, 0, 0),
                    () -> 0,
                    () -> Instant.EPOCH,
                    List.of(listener(heard::incrementAndGet)),
                    outcome -> settled.incrementAndGet()));
        }
        Runnable ends = () -> {
            for (Exchange exchange : exchanges) {
                try {
                    start.await();
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IllegalStateException(e);
                }
                exchange.end(EndCause.COMPLETED);
            }
        };
        Thread one = Thread.ofPlatform().name("end-1").start(ends);
        Thread two = Thread.ofPlatform().name("end-2").start(ends);
        one.join();
        two.join();

        assertEquals(rounds, settled.get());
        assertEquals(rounds, heard.get());
        assertEquals(0, twin.state().inFlight());
    }

    private Exchange begin() {
        return new Exchange(
                decision(),
                twin.dispatch(100, 0, nanos),
                () -> nanos,
                () -> Instant.ofEpochMilli(nanos / MS),
                List.of(listener(() -> order.add("listener"))),
                outcome -> {
                    order.add("settled, in flight " + twin.state().inFlight());
                    outcomes.add(outcome);
                });
    }

    private static Decision.Routed decision() {
        return new Decision.Routed(
                TestFleet.of(1).matrix(TestFleet.request(100)),
                new Choice("test", 0, new double[1], 1, false, null, ""),
                Fallback.NONE,
                "");
    }

    private static RoutingListener listener(Runnable onEnd) {
        return new RoutingListener() {
            @Override
            public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
                throw new AssertionError("the picker tells of the pick, not the exchange");
            }

            @Override
            public void ended(Outcome outcome) {
                onEnd.run();
            }
        };
    }

    private Outcome outcome() {
        assertEquals(1, outcomes.size());
        return outcomes.getFirst();
    }

    private static double value(@Nullable Double known) {
        assertNotNull(known);
        return known;
    }
}
