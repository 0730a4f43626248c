package dev.presage.router.slo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Fallback;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.Moment;
import dev.presage.router.predict.Aim;
import dev.presage.router.predict.TestFleet;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.LatencyTargets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SloBookTest {
    private long nowMs = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
    private final SloBook book = new SloBook("chat", () -> Instant.ofEpochMilli(nowMs), Aim.NONE);

    @Test
    void headersGoBeforeTheSloAndTheSloFillsWhatTheyLeaveOpen() {
        book.replace("file", List.of(Slos.of("a", SloSelector.ALL)));
        assertEquals(new LatencyTargets(800, 50), targets());
        assertEquals(new LatencyTargets(100, 50), targets("x-slo-ttft-ms", "100"));
        assertEquals(new LatencyTargets(800, 20.5), targets("x-slo-tpot-ms", "20.5"));
        assertEquals(new LatencyTargets(200, 50), targets("x-slo-ttft-ms", "100", "x-llm-d-slo-ttft-ms", "200"));
        assertEquals(new LatencyTargets(800, 50), targets("x-slo-ttft-ms", "soon", "x-slo-tpot-ms", "-1"));
        book.replace("file", List.of());
        assertEquals(LatencyTargets.NONE, targets());
        assertEquals(new LatencyTargets(100, Double.POSITIVE_INFINITY), targets("x-slo-ttft-ms", "100"));
    }

    @Test
    void whatIsOnlyLoggedDoesNotMovePicks() {
        book.replace("file", Slos.read(Slos.yaml("a", "{}") + "  onViolation: Log\n"));
        assertEquals(LatencyTargets.NONE, targets());
        book.ended(outcome(Slos.request("m"), EndCause.COMPLETED, 200, 900.0, 10.0, 1_000));
        assertEquals(new SloCount(1, 1), standing().window());
    }

    @Test
    void aRequestCountsAgainstTheLooserOfWhatWasPromisedAndAsked() {
        book.replace("file", List.of(Slos.of("a", SloSelector.ALL)));
        ended(Slos.request("m", "x-slo-ttft-ms", "1"), 500.0);
        assertEquals(new SloCount(1, 0), standing().window(), "a client cannot burn the budget by asking for more");
        ended(Slos.request("m", "x-slo-ttft-ms", "5000"), 900.0);
        assertEquals(new SloCount(2, 0), standing().window(), "it asked for no more");
        ended(Slos.request("m"), 900.0);
        assertEquals(new SloCount(3, 1), standing().window());
    }

    @Test
    void outcomesCountAsTheirCauseSays() {
        book.replace("file", List.of(Slos.of("a", SloSelector.ALL)));
        count(1, 0, EndCause.COMPLETED, 200, 700.0, 40.0);
        count(1, 1, EndCause.COMPLETED, 200, 700.0, 60.0);
        count(1, 0, EndCause.COMPLETED, 200, 700.0, null);
        count(0, 0, EndCause.COMPLETED, 200, null, null);
        count(1, 1, EndCause.COMPLETED, 503, null, null);
        count(1, 1, EndCause.COMPLETED, 429, null, null);
        count(0, 0, EndCause.COMPLETED, 400, null, null);
        count(1, 1, EndCause.UPSTREAM_ERROR, 200, 700.0, null);
        count(1, 1, EndCause.EVICTED, 200, 700.0, null);
        count(0, 0, EndCause.ROUTER_SHUTDOWN, 200, null, null);
        count(1, 0, EndCause.CLIENT_DISCONNECT, 200, 700.0, null);
        count(1, 1, EndCause.CLIENT_DISCONNECT, 0, null, null);
        assertEquals(3, standing().unmeasured(), "replies that are not streamed, 400 and a stopped router");
        book.shed(Slos.request("m"));
        assertEquals(new SloCount(10, 7), standing().window());
    }

    @Test
    void timeInTheQueueIsPartOfTheTtft() {
        book.replace("file", List.of(Slos.of("a", SloSelector.ALL)));
        book.waited(Slos.request("m"), 500_000_000);
        assertEquals(new LatencyTargets(300, 50), targets());
        ended(Slos.request("m"), 400.0);
        assertEquals(new SloCount(1, 1), standing().window());
        assertEquals(new LatencyTargets(800, 50), targets(), "it is over");
        book.gaveUp(Slos.request("m"), 500_000_000);
        book.gaveUp(Slos.request("m"), 900_000_000);
        assertEquals(new SloCount(2, 2), standing().window());
    }

    @Test
    void conflictsAndDoubledNamesChangeNothing() {
        assertEquals(List.of(), book.replace("file", List.of(Slos.of("a", SloSelector.ALL))));
        assertEquals(
                List.of("SLOs b and c have the same selector"),
                book.replace("file", List.of(Slos.of("b", SloSelector.ALL), Slos.of("c", SloSelector.ALL))));
        assertEquals(
                List.of("SLOs a and d have the same selector"),
                book.replace("cluster", List.of(Slos.of("d", SloSelector.ALL))));
        assertEquals(
                List.of("SLO a is given twice"),
                book.replace("cluster", List.of(Slos.of("a", new SloSelector("", "m", "", "", Map.of())))));
        assertEquals("a", standing().slo().name());
        assertEquals(1, book.size());
    }

    @Test
    void anSloKeepsItsBooksWhileItsTargetsStay() {
        LatencySlo slo = Slos.of("a", SloSelector.ALL);
        book.replace("file", List.of(slo));
        ended(Slos.request("m"), 900.0);
        book.replace("file", List.of(slo, Slos.of("b", new SloSelector("", "m", "", "", Map.of()))));
        assertEquals(new SloCount(1, 1), standing().window());
        book.replace(
                "file",
                List.of(new LatencySlo(
                        "a",
                        slo.selector(),
                        new LatencyTarget(100, 0),
                        slo.tpot(),
                        slo.window(),
                        0.99,
                        OnViolation.LOG,
                        30)));
        assertEquals(new SloCount(0, 0), standing().window());
    }

    @Test
    void lowerPrioritiesAreShedWhileTheSloBurnsAndNoLonger() {
        book.replace(
                "file",
                List.of(new LatencySlo(
                        "gold",
                        new SloSelector("", "gold", "", "", Map.of()),
                        new LatencyTarget(800, 0),
                        LatencyTarget.NONE,
                        Duration.ofDays(1),
                        0.99,
                        OnViolation.SHED_LOWER_PRIORITY,
                        30)));
        SloGate gate = new SloGate(book, Ladder.DEFAULT);
        InferenceRequest gold = Slos.request("gold").with(5, Map.of());
        for (int i = 0; i < 29; i++) {
            ended(gold, 900.0);
        }
        assertInstanceOf(Decision.Routed.class, decided(gate, 0), "too few requests to say so");
        ended(gold, 900.0);
        nowMs += 1_000;
        Decision shed = decided(gate, 4);
        assertEquals(
                new Decision.Shed(
                        "LatencySLO gold is violated, request of lower priority dropped", "rejected-saturated"),
                shed);
        assertInstanceOf(Decision.Routed.class, decided(gate, 5));
        nowMs += Duration.ofMinutes(6).toMillis();
        assertInstanceOf(Decision.Routed.class, decided(gate, 0), "the five minutes are over");
    }

    private static Decision decided(SloGate gate, int priority) {
        return gate.schedule(
                TestFleet.of(1).matrix(TestFleet.request(10).with(priority, Map.of())),
                new Moment(null, Instant.EPOCH, Ladder.Health.GOOD, new Random(1)));
    }

    private void count(
            long requests, long bad, EndCause cause, int status, @Nullable Double ttftMs, @Nullable Double tpotMs) {
        SloCount before = standing().window();
        book.ended(outcome(Slos.request("m"), cause, status, ttftMs, tpotMs, 1_000));
        SloCount after = standing().window();
        assertEquals(new SloCount(before.requests() + requests, before.bad() + bad), after);
    }

    private void ended(InferenceRequest request, double ttftMs) {
        book.ended(outcome(request, EndCause.COMPLETED, 200, ttftMs, 10.0, ttftMs));
    }

    private SloStanding standing() {
        return book.standings().getFirst();
    }

    private LatencyTargets targets(String... headers) {
        return book.aim(Slos.request("m", headers)).targets();
    }

    private Outcome outcome(
            InferenceRequest request,
            EndCause cause,
            int status,
            @Nullable Double ttftMs,
            @Nullable Double tpotMs,
            double e2eMs) {
        Decision.Routed decision = new Decision.Routed(
                TestFleet.of(1).matrix(request),
                new Choice("test", 0, new double[1], 1, false, null, ""),
                Fallback.NONE,
                "");
        return new Outcome(
                decision, nowMs, nowMs, true, status, cause, "10.0.0.1:8000", ttftMs, tpotMs, e2eMs, Usage.UNKNOWN);
    }
}
