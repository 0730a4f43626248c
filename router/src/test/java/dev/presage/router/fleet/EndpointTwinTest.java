package dev.presage.router.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EndpointTwinTest {
    private final EndpointTwin twin = new EndpointTwin();

    @Test
    void aDispatchIsPendingWithItsUncachedWork() {
        twin.dispatch(100, 40, 5);

        QueueState state = twin.state();
        assertEquals(60, state.pendingTokens());
        assertEquals((100.0 * 100 - 40 * 40) / 2, state.pendingAttention());
        assertEquals(1, state.pendingRequests());
        assertEquals(5, state.progressNanos());
        assertEquals(0, state.decodingRequests());
        assertEquals(1, state.inFlight());
    }

    @Test
    void aFirstTokenSettlesEverythingSentEarlier() {
        twin.dispatch(100, 0, 1);
        Dispatch second = twin.dispatch(200, 0, 2);
        twin.dispatch(300, 0, 3);

        second.firstToken(10);

        assertEquals(300, twin.state().pendingTokens());
        assertEquals(1, twin.state().pendingRequests());
        assertEquals(2, twin.state().decodingRequests());
        assertEquals(300, twin.state().decodingContext());
        assertEquals(10, twin.state().progressNanos());
    }

    @Test
    void aWholeAnswerSettlesEverythingSentEarlierButIsNoProgressOfTheRest() {
        twin.dispatch(100, 0, 1);
        Dispatch answered = twin.dispatch(200, 0, 2);
        twin.dispatch(300, 0, 3);

        answered.answered();
        answered.end(10);

        assertEquals(300, twin.state().pendingTokens());
        assertEquals(1, twin.state().decodingRequests());
        assertEquals(100, twin.state().decodingContext());
        assertEquals(3, twin.state().progressNanos());
    }

    @Test
    void aQueueStallsNoLongerThanItsOldestRequestWasToTake() {
        Dispatch first = twin.dispatch(100, 0, 0);
        first.predicted(50);
        twin.dispatch(200, 0, 0);

        assertEquals(20, twin.state().stalledMs(20_000_000));
        assertEquals(50, twin.state().stalledMs(300_000_000), "late with the first, and not begun with the second");

        first.firstToken(300_000_000);

        assertEquals(0, twin.state().stalledMs(300_000_000));
        assertEquals(700, twin.state().stalledMs(1_000_000_000), "nothing was predicted of the second");
        first.end(2_000_000_000);
        assertEquals(0, QueueState.IDLE.stalledMs(2_000_000_000));
    }

    @Test
    void aRequestThatEndsUnansweredLeavesTheOthersWhereTheyAre() {
        twin.dispatch(100, 0, 1);
        twin.dispatch(200, 0, 2).end(10);

        assertEquals(100, twin.state().pendingTokens());
        assertEquals(1, twin.state().pendingRequests());
        assertEquals(0, twin.state().decodingRequests());
        assertEquals(1, twin.state().progressNanos());
    }

    @Test
    void outputGrowsTheContextUntilTheEnd() {
        Dispatch dispatch = twin.dispatch(100, 0, 1);
        dispatch.tokens(5);
        assertEquals(0, twin.state().decodingContext(), "no output before the first token");

        dispatch.firstToken(2);
        dispatch.tokens(7);
        dispatch.tokens(-1);
        assertEquals(107, twin.state().decodingContext());

        dispatch.end(3);
        assertEquals(0, twin.state().inFlight());
        assertEquals(0, twin.state().decodingContext());
    }

    @Test
    void aSecondFirstTokenAndASecondEndDoNothing() {
        Dispatch first = twin.dispatch(100, 0, 1);
        Dispatch other = twin.dispatch(50, 0, 2);
        first.firstToken(3);
        QueueState once = twin.state();
        first.firstToken(9);
        assertEquals(once, twin.state());

        first.end(10);
        first.end(11);
        first.firstToken(12);
        first.answered();
        first.tokens(4);

        assertEquals(1, twin.state().inFlight());
        assertEquals(50, twin.state().pendingTokens());
        other.end(13);
        assertEquals(0, twin.state().inFlight());
    }

    @Test
    void aRequestOfUnknownLengthCountsAsOneTokenWithoutAttention() {
        twin.dispatch(100, 0, 1);
        twin.dispatch(0, 0, 2);

        assertEquals(101, twin.state().pendingTokens());
        assertEquals(5_000, twin.state().pendingAttention());
    }

    @Test
    void aFullyCachedPromptStillComputesItsLastToken() {
        twin.dispatch(100, 100, 1);

        assertEquals(1, twin.state().pendingTokens());
        assertEquals(EndpointTwin.attention(100, 99), twin.state().pendingAttention());
    }

    @Test
    void theRateFallsByOneTimeConstantAndAddsUp() {
        twin.dispatch(2_000, 0, 0);
        assertEquals(100, twin.state().prefillTokensPerSecond(), 1e-9);

        twin.dispatch(2_000, 0, 20_000_000_000L);

        assertEquals(100 / Math.E + 100, twin.state().prefillTokensPerSecond(), 1e-9);
        assertEquals(0, EndpointTwin.rateAt(0, Long.MIN_VALUE, Long.MAX_VALUE));
        assertEquals(7, EndpointTwin.rateAt(7, 5, 3), "a clock read on another thread may be a little behind");
    }
}
