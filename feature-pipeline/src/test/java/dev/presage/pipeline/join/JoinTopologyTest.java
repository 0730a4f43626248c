package dev.presage.pipeline.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.EndCause;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.proto.Sample;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JoinTopologyTest {
    private static final long T = JoinBench.START;
    private static final long RETENTION = JoinBench.RETENTION.toMillis();

    @TempDir
    Path directory;

    private JoinBench bench() {
        return new JoinBench(directory, JoinSettings.Store.MEMORY);
    }

    @ParameterizedTest
    @EnumSource(JoinSettings.Store.class)
    void aSampleIsTheChosenRowAndWhatWasMeasured(JoinSettings.Store store) {
        try (JoinBench bench = new JoinBench(directory, store)) {
            bench.decision(Events.decision("r", T).build(), T);
            bench.outcome(Events.outcome("r", T + 900).build(), T + 900);
            Sample sample = bench.samples().getFirst();
            assertEquals(Events.CHOSEN, sample.getEndpoint());
            assertEquals(Collections.nCopies(FeatureSchema.SIZE, 2f), sample.getFeaturesList());
            assertEquals(120, sample.getTtftMs());
            assertEquals(T, sample.getDecidedAtMs());
            assertEquals(T + 900, sample.getEndedAtMs());
            assertEquals(0.9, sample.getPropensity());
            assertEquals(List.of(200f), sample.getTtftQuantilesMsList());
            assertFalse(sample.hasCachedTokens(), "absent stays absent");
        }
    }

    @Test
    void theOutcomeMayComeFirst() {
        try (JoinBench bench = bench()) {
            bench.outcome(Events.outcome("r", T).build(), T);
            bench.decision(Events.decision("r", T).build(), T + 5);
            assertEquals(1, bench.samples().size());
        }
    }

    @Test
    void copiesGiveNoSecondSample() {
        try (JoinBench bench = bench()) {
            for (int i = 0; i < 2; i++) {
                bench.decision(Events.decision("r", T).build(), T);
                bench.outcome(Events.outcome("r", T).build(), T);
                bench.outcome(Events.outcome("r", T).build(), T);
            }
            assertEquals(1, bench.samples().size());
            assertEquals(4, bench.counts.drops(DropCause.DUPLICATE));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CLIENT_DISCONNECT, CLIENT_DISCONNECT",
        "UPSTREAM_ERROR, UPSTREAM_ERROR",
        "EVICTED, EVICTED",
        "ROUTER_SHUTDOWN, ROUTER_SHUTDOWN",
        "END_CAUSE_UNSPECIFIED, CAUSE_UNKNOWN"
    })
    void anIncompleteRequestIsCountedByItsCause(EndCause end, DropCause expected) {
        try (JoinBench bench = bench()) {
            OutcomeEvent outcome = Events.outcome("r", T).setCause(end).build();
            bench.decision(Events.decision("r", T).build(), T);
            bench.outcome(outcome, T);
            bench.outcome(Events.outcome("q", T).setCause(end).build(), T);
            bench.decision(Events.decision("q", T).build(), T);
            assertEquals(List.of(), bench.samples());
            assertEquals(2, bench.counts.drops(expected));
            assertEquals(0, bench.counts.drops(DropCause.DUPLICATE), "the awaited decision is no duplicate");
        }
    }

    @ParameterizedTest
    @CsvSource({"429", "500", "0", "302"})
    void aStatusThatIsNoSuccessGivesNoSample(int status) {
        dropped(Events.outcome("r", T).setHttpStatus(status), DropCause.HTTP_STATUS);
    }

    @Test
    void oneOfTtftAndEndToEndMustBeKnown() {
        dropped(Events.outcome("r", T).clearTtftMs().setE2EMs(0), DropCause.NO_LATENCY);
        dropped(Events.outcome("r", T).setTtftMs(Double.NaN), DropCause.MALFORMED);
        dropped(Events.outcome("r", T).setE2EMs(-1), DropCause.MALFORMED);
        try (JoinBench bench = bench()) {
            bench.decision(Events.decision("r", T).build(), T);
            bench.outcome(Events.outcome("r", T).clearTtftMs().build(), T);
            assertFalse(bench.samples().getFirst().hasTtftMs());
        }
    }

    @Test
    void theServedEndpointsRowIsTakenAfterARetry() {
        try (JoinBench bench = bench()) {
            bench.decision(Events.decision("r", T).build(), T);
            bench.outcome(
                    Events.outcome("r", T).setServedEndpoint(Events.RUNNER_UP).build(), T);
            Sample sample = bench.samples().getFirst();
            assertEquals(Events.RUNNER_UP, sample.getEndpoint());
            assertEquals(1f, sample.getFeatures(0));
            assertEquals(0, sample.getPropensity());
        }
        dropped(Events.outcome("r", T).setServedEndpoint("10.9.9.9:1"), DropCause.ENDPOINT_NOT_LOGGED);
    }

    @Test
    void garbageIsCountedAndDoesNotStopTheJoin() {
        try (JoinBench bench = bench()) {
            bench.rawOutcome("r", new byte[] {(byte) 0xff, 3, 1}, T);
            bench.rawOutcome("r", new byte[0], T);
            bench.rawOutcome("other-key", Events.outcome("r", T).build().toByteArray(), T);
            bench.rawOutcome(
                    "r", Events.outcome("r", T).setSchemaVersion(2).build().toByteArray(), T);
            assertEquals(3, bench.counts.drops(DropCause.UNDECODABLE));
            assertEquals(1, bench.counts.drops(DropCause.MALFORMED));
            bench.decision(Events.decision("r", T).build(), T);
            bench.outcome(Events.outcome("r", T).build(), T);
            assertEquals(1, bench.samples().size());
        }
    }

    @ParameterizedTest
    @EnumSource(JoinSettings.Store.class)
    void whatFindsNoPartnerIsForgottenAndCounted(JoinSettings.Store store) {
        try (JoinBench bench = new JoinBench(directory, store)) {
            bench.decision(Events.decision("d", T).build(), T);
            bench.outcome(Events.outcome("o", T).build(), T);
            bench.decision(Events.decision("r", T).build(), T);
            bench.outcome(Events.outcome("r", T).build(), T);
            bench.time(T + RETENTION - 1);
            assertEquals(4, bench.remembered());
            bench.time(T + RETENTION + 6_000);
            assertEquals(1, bench.counts.drops(DropCause.UNMATCHED_DECISION));
            assertEquals(1, bench.counts.drops(DropCause.UNMATCHED_OUTCOME));
            assertEquals(2, bench.remembered());
            assertEquals(2, bench.aged());
        }
    }

    @Test
    void aReplayAfterTheMemoryIsGoneIsLate() {
        try (JoinBench bench = bench()) {
            bench.decision(Events.decision("r", T).build(), T);
            bench.outcome(Events.outcome("r", T + 900).build(), T + 900);
            assertEquals(1, bench.samples().size());
            long later = T + 900 + RETENTION;
            for (long now = later; now < later + 20_000; now += 5_000) {
                bench.time(now);
                bench.decision(Events.decision("r", T).build(), now);
                bench.outcome(Events.outcome("r", T + 900).build(), now);
            }
            assertEquals(List.of(), bench.samples());
            assertTrue(bench.counts.drops(DropCause.LATE) > 0);
        }
    }

    @Test
    void anEndFarInTheFutureIsRefused() {
        dropped(Events.outcome("r", T + RETENTION + 1), DropCause.MALFORMED);
    }

    private void dropped(OutcomeEvent.Builder outcome, DropCause expected) {
        try (JoinBench bench = bench()) {
            bench.decision(Events.decision("r", T).build(), T);
            bench.outcome(outcome.build(), T);
            assertEquals(List.of(), bench.samples());
            assertEquals(1, bench.counts.drops(expected), bench.counts::toString);
        }
    }
}
