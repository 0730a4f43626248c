package dev.presage.router.plugin.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.predict.TestModels;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {
    @Test
    void rolesByStage() {
        Round round = new Rounds()
                .endpoint()
                .endpoint("llm-d.ai/role=decode")
                .endpoint("llm-d.ai/role=prefill")
                .endpoint("llm-d.ai/role=prefill-decode")
                .endpoint("llm-d.ai/role=encode")
                .endpoint("llm-d.ai/role=encode-prefill-decode")
                .endpoint("llm-d.ai/role=both")
                .endpoint("llm-d.ai/role=other")
                .round();
        assertKept(RoleFilter.DECODE, round, 0, 1, 3, 5, 6);
        assertKept(RoleFilter.PREFILL, round, 2, 3, 5, 6);
        assertKept(RoleFilter.ENCODE, round, 4, 5);
        assertTrue(RoleFilter.DECODE.binds());
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, a, 0",
        "true, true, a, 0 2",
        "false, true, a, 1 2",
        "false, true, '', 2",
        "true, false, '', 0 1"
    })
    void labels(boolean wanted, boolean missing, String values, String expected) {
        Round round = new Rounds().endpoint("k=a").endpoint("k=b").endpoint().round();
        Set<String> good = values.isEmpty() ? Set.of() : Set.of(values);
        LabelFilter filter = new LabelFilter(List.of(new LabelFilter.Requirement("k", wanted, missing, good)));
        int[] places = java.util.Arrays.stream(expected.split(" "))
                .mapToInt(Integer::parseInt)
                .toArray();
        assertKept(filter, round, places);
    }

    @Test
    void aPrefixHeldIsStuckTo() {
        Round round = new Rounds()
                .prompt(640)
                .endpoint()
                .holds(9)
                .endpoint()
                .endpoint()
                .holds(7)
                .round();
        assertKept(new PrefixAffinityFilter(0.8, 0, 18_000, false, 15_928), round, 0);
        assertKept(new PrefixAffinityFilter(0.7, 0, 18_000, false, 15_928), round, 0, 2);
        assertKept(new PrefixAffinityFilter(0.95, 0, 18_000, false, 15_928), round, 0, 1, 2);
        assertKept(new PrefixAffinityFilter(0, 0, 18_000, false, 15_928), round, 0, 1, 2);
        assertKept(new PrefixAffinityFilter(0.8, 1, 18_000, false, 15_928), round, 0, 1, 2);
        assertFalse(new PrefixAffinityFilter(0.8, 0, 0, false, 1).binds(), "the model knows better");
    }

    @Test
    void unlessThatTakesMuchLonger() {
        Rounds rounds =
                new Rounds().prompt(640).endpoint().holds(9).inFlight(1, 20_000).endpoint();
        assertKept(new PrefixAffinityFilter(0.8, 0, 1000, false, 10_000), rounds.round(), 0, 1);
        assertKept(new PrefixAffinityFilter(0.8, 0, 3000, false, 10_000), rounds.round(), 0);
        assertKept(new PrefixAffinityFilter(0.8, 0, 0, false, 10_000), rounds.round(), 0);
        Round predicted = rounds.round(TestModels.work(), LatencySettings.DEFAULT, 1);
        assertKept(new PrefixAffinityFilter(0.8, 0, 100, true, 10_000), predicted, 0, 1);
        assertKept(new PrefixAffinityFilter(0.8, 0, 300, true, 10_000), predicted, 0);
        assertKept(new PrefixAffinityFilter(0.8, 0, 1, true, 10_000), rounds.round(), 0);
    }

    @Test
    void endpointsThatKeepTheSloComeFirst() {
        Rounds rounds = new Rounds()
                .prompt(1000)
                .endpoint()
                .inFlight(1, 9000)
                .endpoint()
                .header("x-slo-ttft-ms", "50");
        Round round = rounds.round(TestModels.work(), LatencySettings.DEFAULT, 1);
        assertKept(new SloTierFilter(0), round, 1);
        assertKept(new SloTierFilter(1), round, 0);
        assertKept(new SloTierFilter(0), rounds.round(), 0, 1);
        assertEquals(0.9, new SloTierFilter(0.1).keep(round).probability(), 1e-9);
        Round strict = rounds.header("x-slo-ttft-ms", "1").round(TestModels.work(), LatencySettings.DEFAULT, 1);
        assertKept(new SloTierFilter(0), strict, 0, 1);
    }

    @Test
    void testsNameEndpointsByAddress() {
        Rounds rounds = new Rounds().endpoint().endpoint().endpoint();
        assertKept(new TestingFilter(), rounds.round(), 0, 1, 2);
        assertKept(
                new TestingFilter(),
                rounds.header("test-epp-endpoint-selection", "192.168.1.3, 192.168.1.1:8000")
                        .round(),
                0,
                2);
        assertKept(
                new TestingFilter(),
                rounds.header("test-epp-endpoint-selection", "10.9.9.9").round());
    }

    @Test
    void boundsOnLoad() {
        Round round = new Rounds()
                .endpoint()
                .scraped(2, 9, 0.9)
                .endpoint()
                .scraped(1, 3, 0.5)
                .round();
        var kv = new UtilizationFilter.Condition(UtilizationFilter.Metric.KV_CACHE_UTILIZATION, 0.6);
        var queue = new UtilizationFilter.Condition(UtilizationFilter.Metric.WAITING_QUEUE, 0);
        assertKept(new UtilizationFilter(List.of(kv), false), round, 1);
        assertKept(new UtilizationFilter(List.of(kv, queue), false), round);
        assertKept(new UtilizationFilter(List.of(kv, queue), true), round, 0, 1);
    }

    private static void assertKept(Filter filter, Round round, int... expected) {
        Kept kept = filter.keep(round);
        assertArrayEquals(
                expected, kept.candidates(), filter + " kept " + java.util.Arrays.toString(kept.candidates()));
    }
}
