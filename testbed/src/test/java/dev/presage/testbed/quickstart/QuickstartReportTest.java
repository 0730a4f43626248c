package dev.presage.testbed.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.load.ClientSample;
import dev.presage.testbed.load.LoadPlan;
import dev.presage.testbed.trace.TraceRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuickstartReportTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Experiment EXPERIMENT =
            new Experiment(Duration.ofSeconds(10), List.of(EngineProfile.named("h100-llama-2-70b-hf-tp8")), 1, 2, 1);

    private final AtomicLong clock = new AtomicLong();
    private final Scoreboard scoreboard = new Scoreboard(clock::get);
    private final LoadPlan plan = LoadPlan.replay(trace(), 1, Duration.ofSeconds(10), 100);

    @Test
    void countsTheSameRequestsForEachArmAndScalesToEngineTime() {
        for (Arm arm : Arm.values()) {
            for (int i = 0; i < 10; i++) {
                boolean lost = arm == Arm.LMETRIC && i == 7;
                clock.set(i * SECOND + SECOND / 2);
                scoreboard.ended(lost ? failed(arm, i) : answered(arm, i, 100 + 10 * arm.ordinal()));
            }
        }
        QuickstartReport report = report();
        assertEquals(4, report.countedFromSeconds());
        assertEquals(1, report.failed());
        for (ArmReport arm : report.arms()) {
            // Requests 4 to 9 were due late enough; one of them has no answer in one arm.
            assertEquals(5, arm.requests());
            assertEquals(2 * (100 + 10 * arm.arm().ordinal()), arm.ttftMs().quantile(0.5), 1e-6);
            assertEquals(0.25, arm.prefixHit(), 1e-9);
        }
        // Five answers of 11 tokens, from second 4 to 9.5 of the wall clock, which is 11 seconds of the engines'.
        assertEquals(5 * 11 / 11.0, report.arm(Arm.LEARNED).outputTokensPerSecond(), 1e-9);
        assertEquals(1, report.arm(Arm.LMETRIC).failed());
    }

    @Test
    void judgesPredictionsOfTheCountedPartOnly() {
        scoreboard.paired(pair(1, 900, 901));
        scoreboard.paired(pair(5, 80, 90));
        scoreboard.paired(pair(6, 110, 120));
        scoreboard.paired(pair(7, 150, 160));
        QuickstartReport report = report();
        assertEquals(4, report.pairs());
        assertEquals(0.2, report.ttftError(), 1e-9);
        assertEquals(2 / 3.0, report.ttftCoverage90(), 1e-9);
    }

    @Test
    void countsFromWhereTheModelHasSettled() {
        clock.set(3 * SECOND);
        scoreboard.swapped("sha256-0123456789");
        QuickstartReport report = report();
        assertEquals(8, report.countedFromSeconds());
        assertEquals(3, report.firstModelSeconds());
        assertEquals("01234567", scoreboard.swaps().getFirst().shortId());
    }

    @Test
    void anEmptyRunIsStillAReport() throws Exception {
        JsonNode json = new ObjectMapper().readTree(ReportFormat.json.render(report()));
        assertEquals(0, json.path("models").asInt(-1));
        assertEquals(3, json.path("policies").size());
        assertTrue(json.at("/policies/0/ttft_ms/p50").isNull());
        assertTrue(ReportFormat.table.render(report()).contains("learned"));
    }

    @Test
    void theLiveDocumentIsValidAtAnyTime() throws Exception {
        LiveView view = new LiveView(scoreboard, EXPERIMENT, arm -> 0);
        view.tick();
        assertTrue(
                new ObjectMapper().readTree(view.get()).at("/arms/0/ttft_p50").isNull());
        scoreboard.ended(answered(Arm.LEARNED, 0, 50));
        scoreboard.picked(Arm.LEARNED, "h100-0");
        scoreboard.swapped("sha256-0123456789");
        scoreboard.paired(pair(0, 80, 90));
        JsonNode state = new ObjectMapper().readTree(view.get());
        assertEquals(100, state.at("/arms/2/ttft_p50").asDouble());
        assertEquals(1, state.at("/replicas/0/learned").asDouble());
        assertEquals(1, state.at("/pairs").size());
    }

    private QuickstartReport report() {
        return QuickstartReport.of(scoreboard, plan.requests(), EXPERIMENT, "test", 0);
    }

    private static PredictionPair pair(double atSeconds, double p50, double p90) {
        return new PredictionPair(atSeconds, "sha256-0123456789", p50, p90, 100, 1, 1);
    }

    private static ClientSample answered(Arm arm, int index, double ttftMs) {
        long first = Math.round(ttftMs * 1e6);
        return new ClientSample(
                arm.label(), index, 200, "", 0, first, first + 1_000_000, first + 2_000_000, 40, 10, 11);
    }

    private static ClientSample failed(Arm arm, int index) {
        return new ClientSample(arm.label(), index, 503, "status 503", 0, -1, -1, 1, -1, -1, -1);
    }

    private static List<TraceRequest> trace() {
        List<TraceRequest> requests = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            requests.add(new TraceRequest(i, i * 1_000, 40, 11, new long[0]));
        }
        return requests;
    }
}
