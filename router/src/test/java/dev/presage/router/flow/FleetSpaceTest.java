package dev.presage.router.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.plugin.FaultLog;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.plugin.admit.Admission;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetSpaceTest {
    private static final String FIRST = "default/pod-0-rank-0";
    private static final String SECOND = "default/pod-1-rank-0";

    @Test
    void eachEndpointIsJudgedOnItsOwn() {
        Rounds rounds = new Rounds().endpoint().scraped(40, 9, 0.1).endpoint().scraped(4, 9, 0.1);
        FleetSpace<Rounds> space = space(Admission.DEFAULT, 2);
        assertEquals(new Sight.Room(Set.of(SECOND)), space.look(rounds, 1, Set.of()));
        assertEquals(new Sight.Full(Set.of(FIRST, SECOND), true), space.look(rounds, 0.8, Set.of()), "a lower ceiling");
        assertEquals(new Sight.Full(Set.of(FIRST, SECOND), true), space.look(rounds, 1, Set.of(SECOND)), "withheld");
    }

    @Test
    void whatWasSentSinceTheScrapeCounts() {
        Rounds rounds = new Rounds().endpoint().scraped(3, 9, 0.1);
        FleetSpace<Rounds> space = space(Admission.DEFAULT, 1);
        space.sent(FIRST, Rounds.NOW);
        assertEquals(new Sight.Room(Set.of(FIRST)), space.look(rounds, 1, Set.of()));
        space.sent(FIRST, Rounds.NOW);
        assertEquals(new Sight.Full(Set.of(FIRST), true), space.look(rounds, 1, Set.of()));
        space.sent(FIRST, Rounds.NOW + 1);
        assertEquals(new Sight.Room(Set.of(FIRST)), space.look(rounds, 1, Set.of()), "counted for another scrape");
    }

    @Test
    void staleSignalsDoNotStopRequests() {
        Rounds rounds = new Rounds().endpoint().inFlight(4, 10);
        assertEquals(new Sight.Room(Set.of(FIRST)), space(Admission.DEFAULT, 1).look(rounds, 1, Set.of()));
        assertEquals(
                new Sight.Full(Set.of(FIRST), true),
                space(Admission.DEFAULT, 1).look(rounds.inFlight(1, 10), 1, Set.of()),
                "the own count stands in");
    }

    @Test
    void bothStagesNeedRoom() {
        Rounds rounds = new Rounds()
                .endpoint("llm-d.ai/role=prefill")
                .scraped(0, 0, 0)
                .endpoint("llm-d.ai/role=decode")
                .scraped(9, 0, 0);
        FleetSpace<Rounds> space = space(Admission.DEFAULT, 2);
        assertEquals(new Sight.Full(Set.of(FIRST, SECOND), true), space.look(rounds, 1, Set.of()));
        assertEquals(new Sight.Room(Set.of(FIRST, SECOND)), space.look(rounds.scraped(0, 0, 0), 1, Set.of()));
        Rounds alone = new Rounds().endpoint("llm-d.ai/role=prefill").scraped(0, 0, 0);
        assertEquals(new Sight.Room(Set.of(FIRST)), space(Admission.DEFAULT, 1).look(alone, 1, Set.of()));
    }

    @Test
    void nobodyToWaitForAndNobodyAtAll() {
        assertEquals(new Sight.Nowhere(), space(Admission.DEFAULT, 3).look(new Rounds(), 1, Set.of()));
        assertEquals(new Sight.Empty(), space(Admission.DEFAULT, 0).look(new Rounds(), 1, Set.of()));
    }

    @Test
    void aDetectorThatFailsStopsNobody() {
        SaturationDetector broken = (round, candidate, unseen) -> {
            throw new IllegalStateException("broken on purpose");
        };
        assertEquals(new Sight.Room(Set.of(FIRST)), space(broken, 1).look(new Rounds().endpoint(), 1, Set.of()));
    }

    private static FleetSpace<Rounds> space(SaturationDetector detector, int pool) {
        FleetSpace<Rounds> space = new FleetSpace<>(Rounds::round, detector, new FaultLog());
        space.pool(pool);
        return space;
    }
}
