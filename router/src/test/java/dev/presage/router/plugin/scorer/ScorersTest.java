package dev.presage.router.plugin.scorer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.predict.TestModels;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formulas of the contract, worked out by hand. */
class ScorersTest {
    private static final double CLOSE = 1e-6;

    @Test
    void queueAndRunningRequestsSpreadBetweenTheExtremes() {
        Round round = new Rounds()
                .endpoint()
                .scraped(3, 8, 0)
                .endpoint()
                .scraped(0, 8, 0)
                .endpoint()
                .scraped(12, 8, 0)
                .round();
        assertArrayEquals(new double[] {0.75, 1, 0}, Scorers.QUEUE.score(round), CLOSE);
        assertArrayEquals(new double[] {1, 1, 1}, new SpreadScorer(Feature.RUNNING).score(round), CLOSE);
    }

    @Test
    void anEndpointWithoutASignalIsNotTakenForAnIdleOne() {
        Round round = new Rounds()
                .endpoint()
                .scraped(0, 0, 0.2)
                .endpoint()
                .scraped(0, 0, 0.6)
                .endpoint()
                .round();
        assertArrayEquals(new double[] {0.8, 0.4, 0.6}, Scorers.KV.score(round), CLOSE);
    }

    @Test
    void prefixIsTheSharePlusTheSquareOfTheLength() {
        Rounds rounds =
                new Rounds().prompt(640).endpoint().holds(5).endpoint().holds(3).endpoint();
        assertArrayEquals(new double[] {0.5, 0.3, 0}, Scorers.PREFIX.score(rounds.round()), CLOSE);
        assertArrayEquals(
                new double[] {0.4 * 0.25 + 0.6 * 0.5, 0.4 * 0.09 + 0.6 * 0.3, 0},
                new PrefixScorer(0.4, 640).score(rounds.round()),
                CLOSE);
    }

    @Test
    void adaptersLoadedRoomWaitingAndNeither() {
        Round round = new Rounds()
                .model("a")
                .endpoint()
                .adapters(Set.of("a"), Set.of(), 1)
                .endpoint()
                .adapters(Set.of("b"), Set.of(), 2)
                .endpoint()
                .adapters(Set.of("b"), Set.of("a"), 2)
                .endpoint()
                .adapters(Set.of("b"), Set.of("c"), 2)
                .endpoint()
                .round();
        assertArrayEquals(new double[] {1, 0.8, 0.6, 0, 0}, new LoraScorer().score(round), CLOSE);
    }

    @Test
    void requestsInFlightFromHere() {
        Rounds rounds = new Rounds()
                .endpoint()
                .inFlight(1, 10)
                .endpoint()
                .inFlight(4, 10)
                .endpoint();
        assertArrayEquals(new double[] {0.75, 0, 1}, new ActiveRequestScorer(0, 1).score(rounds.round()), CLOSE);
        assertArrayEquals(new double[] {1, 0, 1}, new ActiveRequestScorer(1, 0.5).score(rounds.round()), CLOSE);
    }

    @Test
    void tokensInFlightWithThisRequestsOwn() {
        Round round = new Rounds()
                .prompt(640)
                .endpoint()
                .inFlight(2, 180)
                .endpoint()
                .holds(5)
                .endpoint()
                .inFlight(1, 5000)
                .round();
        assertArrayEquals(new double[] {0, 0.68, 0}, new TokenLoadScorer(1000).score(round), CLOSE);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5", "32, 0.375", "128, 0", "500, 0"})
    void loadAwareHalvesAnEmptyQueue(double waiting, double expected) {
        Round round = new Rounds().endpoint().scraped(waiting, 0, 0).round();
        assertEquals(expected, new LoadAwareScorer(128).score(round)[0], CLOSE);
    }

    @Test
    void coldPromptsGoRound() {
        NoHitLruScorer scorer = new NoHitLruScorer(8);
        Rounds rounds = new Rounds().endpoint().endpoint().endpoint();
        assertArrayEquals(new double[] {1, 1, 1}, scorer.score(rounds.round()), CLOSE);
        scorer.chosen(rounds.round(), 1);
        scorer.chosen(rounds.round(), 0);
        assertArrayEquals(new double[] {0, 0.5, 1}, scorer.score(rounds.round()), CLOSE);
        assertArrayEquals(
                new double[] {0.5, 0.5, 0.5}, scorer.score(rounds.holds(1).round()), CLOSE);
    }

    @Test
    void longestAgoIsForgottenFirst() {
        NoHitLruScorer scorer = new NoHitLruScorer(1);
        Rounds rounds = new Rounds().endpoint().endpoint();
        scorer.chosen(rounds.round(), 0);
        scorer.chosen(rounds.round(), 1);
        assertArrayEquals(new double[] {1, 0}, scorer.score(rounds.round()), CLOSE);
    }

    @Test
    void promptsGoWhereTheirLengthIsMeantToGo() {
        Round round = new Rounds()
                .prompt(1000)
                .endpoint("range=0-2000")
                .endpoint("range=0-1000")
                .endpoint("range=0-500")
                .endpoint("range=4000-8000")
                .endpoint()
                .endpoint("range=few")
                .round();
        ContextLengthScorer scorer = new ContextLengthScorer("range", true);
        assertArrayEquals(new double[] {0.65, 1, 0.15, 0.075, 0.3, 0.3}, scorer.score(round), CLOSE);
        assertArrayEquals(new int[] {0, 1, 4, 5}, scorer.keep(round).candidates());
        assertEquals(6, new ContextLengthScorer("range", false).keep(round).candidates().length);
    }

    @Test
    void aHeaderThatNamesALabel() {
        Round round = new Rounds()
                .endpoint("zone=a")
                .endpoint("zone=b")
                .header("x-zone", "a")
                .round();
        assertArrayEquals(new double[] {1, 0}, new HeaderLabelScorer("X-Zone", "zone").score(round));
    }

    // TTFT of the test model is 1 ms and 10 ms per thousand tokens pending and uncached; TPOT is 5 ms.

    private static final LatencyScorer LEAST = new LatencyScorer(0.8, 0.2, false, new CompositeScore(1, 1, 1));

    private static Rounds threeQueues() {
        return new Rounds()
                .prompt(1000)
                .endpoint()
                .inFlight(1, 1000)
                .endpoint()
                .inFlight(1, 5000)
                .endpoint()
                .inFlight(1, 9000);
    }

    private static double[] score(LatencyScorer scorer, Rounds rounds) {
        return scorer.score(rounds.round(TestModels.work(), new LatencySettings(true, true, 1, ""), 1));
    }

    @Test
    void amongThoseThatKeepTheSloTheTightestFitIsBest() {
        // TTFT 21, 61 and 101 ms
        Rounds rounds = threeQueues().header("x-slo-ttft-ms", "70");
        assertArrayEquals(new double[] {0.01, 1.01, 0}, score(LEAST, rounds), CLOSE);
        LatencyScorer most = new LatencyScorer(0.8, 0.2, true, LEAST.composite());
        assertArrayEquals(new double[] {1.01, 0.01, 0}, score(most, rounds), CLOSE);
    }

    @Test
    void amongThoseThatMissItTheSmallestMissIsBest() {
        assertArrayEquals(
                new double[] {1.01, 0.51, 0.01},
                score(LEAST, threeQueues().header("x-llm-d-slo-ttft-ms", "10")),
                CLOSE);
        assertArrayEquals(
                new double[] {1.01, 0.51, 0.01}, score(LEAST, threeQueues()), CLOSE, "no SLO: the fastest is best");
    }

    @Test
    void anIdleEndpointIsPreferredWhenAllMiss() {
        Rounds rounds = threeQueues().endpoint().header("x-slo-ttft-ms", "1");
        assertArrayEquals(new double[] {0, 0, 0, 0.51}, score(LEAST, rounds), CLOSE);
    }

    @Test
    void aMissOfTpotAloneComesBeforeAMissOfTtftAlone() {
        Rounds rounds = threeQueues().header("x-slo-ttft-ms", "70").header("x-slo-tpot-ms", "4");
        assertArrayEquals(new double[] {0.01, 1.01, 0}, score(LEAST, rounds), CLOSE);
    }

    @Test
    void withoutPredictionsTheCompositeScores() {
        Round round = new Rounds()
                .prompt(640)
                .endpoint()
                .scraped(4, 0, 0.5)
                .holds(5)
                .endpoint()
                .scraped(1, 0, 0.2)
                .round();
        assertArrayEquals(new double[] {0.33, 0.52}, LEAST.score(round), CLOSE);
        assertArrayEquals(
                new double[] {0.5, 0.8},
                new LatencyScorer(1, 0, false, new CompositeScore(1, 0, 0)).score(round),
                CLOSE);
    }
}
