package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.pick.Decision;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gateway sent a request to another endpoint than the chosen one, and says so with the reply. */
class ServedElsewhereTest {
    private static final String PROMPT = "w".repeat(1024);
    private static final String BODY = "{\"model\":\"m\",\"stream\":true,\"prompt\":\"" + PROMPT + "\"}";

    private ExtProcHarness router;
    private String chosen = "";
    private String other = "";

    @BeforeEach
    void start() throws IOException {
        router = new ExtProcHarness();
        router.pool(0, 0);
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private ExtProcHarness.Stream sent() {
        var stream = router.open().complete(BODY);
        chosen = router.decisions.getLast().endpoint().address();
        other = chosen.equals("192.168.1.1:8000") ? "192.168.1.2:8000" : "192.168.1.1:8000";
        return stream;
    }

    @Test
    void itIsInFlightWhereItIsServed() {
        var stream = sent();
        assertEquals(1, inFlight(chosen));
        stream.servedBy(other, false, ":status", "200", "content-type", "text/event-stream");
        assertEquals(0, inFlight(chosen));
        assertEquals(1, inFlight(other));
        stream.responseBody("data: {\"choices\":[{\"text\":\"a\"}]}\n\n", false);
        assertEquals(1, decoding(other));
        stream.responseBody("data: [DONE]\n\n", true);
        assertEquals(0, inFlight(other));
        var outcome = router.outcomes.getFirst();
        assertEquals(other, outcome.servedBy());
        assertFalse(outcome.asChosen());
    }

    @Test
    void itsPrefixIsWhereItWasServed() {
        sent().servedBy(other, true, ":status", "200");
        Decision.Routed next = again();
        assertEquals(0, cached(next, chosen));
        assertEquals(255, cached(next, other));
    }

    @Test
    void whatTheChosenOneHeldBeforeStaysThere() {
        sent().responseHeaders(true, ":status", "200");
        String holder = chosen;
        sent().servedBy(other, true, ":status", "200");
        assertEquals(holder, chosen, "the prefix draws the second one");
        assertEquals(255, cached(again(), holder));
    }

    @Test
    void anEndpointThatIsNotKnownKeepsNoBooks() {
        var stream = sent();
        stream.servedBy("10.9.9.9:1", false, ":status", "200", "content-type", "text/event-stream")
                .responseBody("data: {\"choices\":[{\"text\":\"a\"}]}\n\n", true);
        assertEquals(0, inFlight(chosen) + inFlight(other));
        assertEquals("10.9.9.9:1", router.outcomes.getFirst().servedBy());
        assertEquals(0, cached(again(), chosen));
    }

    @Test
    void theChosenOneNamedAgainChangesNothing() {
        var stream = sent();
        stream.servedBy(chosen, false, ":status", "200");
        assertEquals(1, inFlight(chosen));
        stream.responseBody("{}", true);
        assertTrue(router.outcomes.getFirst().asChosen());
        assertEquals(0, inFlight(chosen));
    }

    private Decision.Routed again() {
        router.open().complete(BODY);
        return router.decisions.getLast();
    }

    private int inFlight(String address) {
        return router.fleet.snapshot().endpoints().stream()
                .filter(state -> state.endpoint().address().equals(address))
                .mapToInt(state -> state.queue().inFlight())
                .sum();
    }

    private int decoding(String address) {
        return router.fleet.snapshot().endpoints().stream()
                .filter(state -> state.endpoint().address().equals(address))
                .mapToInt(state -> state.queue().decodingRequests())
                .sum();
    }

    private static int cached(Decision.Routed decision, String address) {
        for (int i = 0; i < decision.candidates().size(); i++) {
            if (decision.candidates().state(i).endpoint().address().equals(address)) {
                return decision.candidates().cachedTokens(i);
            }
        }
        throw new AssertionError(address + " is no candidate");
    }
}
