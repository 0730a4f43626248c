package dev.presage.router.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.predict.TestModels;
import dev.presage.router.program.ProgramBook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimsTest {
    private final Claims claims = new Claims(true, new ProgramBook(() -> 0));

    @Test
    void workIsWhatTheBestCacheLeavesAndTheExpectedReply() {
        Rounds rounds = new Rounds().prompt(640).endpoint().holds(2).endpoint().holds(5);
        assertEquals(640 - 5 * 64 + 100, claim(rounds.round()).work(), "a bound below the usual length is the guess");
        claims.answered("m", 20);
        assertEquals(640 - 5 * 64 + 20, claim(rounds.round()).work());
        claims.answered("m", 120);
        assertEquals(640 - 5 * 64 + 25, claim(rounds.round()).work());
    }

    @Test
    void theModelSaysWhenTheFirstTokenCouldCome() {
        Rounds rounds = new Rounds().prompt(640).endpoint().inFlight(1, 4_000).endpoint();
        assertEquals(0, claim(rounds.round()).firstTokenMs(), "no model");
        assertEquals(
                7.4,
                claim(rounds.round(TestModels.work(), LatencySettings.DEFAULT, 1))
                        .firstTokenMs(),
                1e-3);
        assertEquals(
                0,
                new Claims(false, new ProgramBook(() -> 0))
                        .of(rounds.round().request(), rounds.round(TestModels.work(), LatencySettings.DEFAULT, 1), 0, 0)
                        .firstTokenMs());
    }

    @ParameterizedTest
    @CsvSource({"5000, 5000", "0, 0", "-1, 0", "3600000, 3600000", "3600001, 0", "soon, 0", "99999999999, 0", "٣, 0"})
    void aRequestMaySayHowLongItWaits(String header, long ms) {
        Rounds rounds = new Rounds().endpoint().header("x-presage-queue-ttl-ms", header);
        assertEquals(ms * 1_000_000, claim(rounds.round()).ttlNanos());
    }

    @Test
    void aStepIsDueNoLaterThanItsProgram() {
        Rounds step = new Rounds()
                .endpoint()
                .header("x-presage-program-id", "p")
                .header("x-presage-program-deadline-ms", "9000");
        assertEquals(9_000, claim(step.round()).sloTtftMs());
        assertEquals(250, claim(step.header("x-slo-ttft-ms", "250").round()).sloTtftMs());
        assertEquals(9_000, claim(step.header("x-slo-ttft-ms", "60000").round()).sloTtftMs());
    }

    @Test
    void theNewerHeaderNamesTheFlow() {
        assertEquals("default-flow", claim(new Rounds().endpoint().round()).flow());
        Rounds rounds = new Rounds().endpoint().header("x-gateway-inference-fairness-id", "old");
        assertEquals("old", claim(rounds.round()).flow());
        assertEquals(
                "new",
                claim(rounds.header("x-llm-d-inference-fairness-id", "new").round())
                        .flow());
        assertEquals(250, claim(rounds.header("x-slo-ttft-ms", "250").round()).sloTtftMs());
    }

    private Claim claim(Round round) {
        return claims.of(round.request(), round, 0, 0);
    }
}
