package dev.presage.testbed.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** From what was counted to what is printed. */
class BenchFiguresTest {
    private static final LoadShape ONE = new LoadShape.Closed(1);

    private static Measurement measurement(long decisions, double p50, double cpuSeconds) {
        return new Measurement(
                decisions, 0, 2, new Measurement.Latency(p50, 2 * p50, 4 * p50, 8 * p50), cpuSeconds, 100, 0.25);
    }

    private static CellResult result(String server, LoadShape shape, Measurement... repeats) {
        return new CellResult(server, 8, 1_024, shape, List.of(repeats), Map.of());
    }

    @Test
    void latencyIsReadOffInMicroseconds() {
        Histogram nanos = LoadCount.histogram();
        for (int i = 1; i <= 1_000; i++) {
            nanos.recordValue(i * 1_000L);
        }
        Measurement.Latency latency = Measurement.Latency.of(nanos);
        assertEquals(500, latency.p50(), 1);
        assertEquals(900, latency.p90(), 1);
        assertEquals(990, latency.p99(), 1);
        assertEquals(999, latency.p999(), 1);
    }

    @Test
    void ratesAndCostsArePerDecision() {
        Measurement measured = measurement(4_000, 100, 1);
        assertEquals(2_000, measured.perSecond());
        assertEquals(0.25, measured.cpuPerThousand());
        assertTrue(Double.isNaN(measurement(0, 0, 1).cpuPerThousand()));
    }

    @Test
    void theMedianIsTheMiddleRepeatOrBetweenTheTwo() {
        CellResult odd = result("presage", ONE, measurement(1, 30, 1), measurement(1, 10, 1), measurement(1, 20, 1));
        assertEquals(20, odd.median(m -> m.latency().p50()));
        assertEquals(10, odd.least(m -> m.latency().p50()));
        assertEquals(30, odd.most(m -> m.latency().p50()));
        CellResult even = result("presage", ONE, measurement(1, 30, 1), measurement(1, 10, 1));
        assertEquals(20, even.median(m -> m.latency().p50()));
        assertThrows(IllegalArgumentException.class, () -> result("presage", ONE));
    }

    @Test
    void learnedShareIsOfAllDecisions() {
        Map<String, Long> counts = DecisionCounters.parse("""
                # TYPE presage_decisions_total counter
                presage_decisions_total{explored="false",fallback="",policy="learned"} 290.0
                presage_decisions_total{explored="true",fallback="",policy="learned"} 10.0
                presage_decisions_total{explored="false",fallback="no-model",policy="lmetric"} 100.0
                presage_decisions_created{policy="learned"} 5.0
                """);
        assertEquals(Map.of("learned", 300L, "lmetric/no-model", 100L), counts);
        CellResult all = new CellResult("presage", 8, 1_024, ONE, List.of(measurement(1, 1, 1)), counts);
        assertEquals(0.75, all.learnedShare());
        assertTrue(Double.isNaN(result("floor", ONE, measurement(1, 1, 1)).learnedShare()));
        assertEquals(
                Map.of("learned", 50L),
                DecisionCounters.between(counts, Map.of("learned", 350L, "lmetric/no-model", 100L)));
    }

    @Test
    void ratiosPairRowsUnderTheSameLoadOnly() throws Exception {
        LoadShape sixteen = new LoadShape.Closed(16);
        List<CellResult> results = List.of(
                result("presage", ONE, measurement(1_000, 300, 0.5)),
                result("floor", ONE, measurement(2_000, 100, 0.25)),
                result("presage", sixteen, measurement(1_000, 500, 0.5)));
        List<Ratio> ratios = Ratio.of(results);
        assertEquals(
                List.of("floor", "llm-d", "llm-d"),
                ratios.stream().map(Ratio::to).toList());
        assertEquals(new Ratio("floor", 8, 1_024, ONE, 0.5, 3, 3, 4), ratios.getFirst());
        assertEquals(300.0 / 431, ratios.get(1).p50());
        assertTrue(BenchOutput.table.render(results).contains("ratio to"));
        var json = new ObjectMapper().readTree(BenchOutput.json.render(results));
        assertEquals(3, json.get("ratios").get(0).get("p50").asDouble());
        assertEquals(300, json.get("results").get(0).get("p50_us").get("median").asDouble());
    }

    @Test
    void idleAndGuestTicksAreNotBusy() {
        assertEquals(10 + 1 + 5 + 2 + 3 + 4, ProcessorTime.busy("cpu  10 1 5 1000 50 2 3 4 7 8"));
        assertTrue(Double.isNaN(ProcessorTime.busy("intr 12")));
    }
}
