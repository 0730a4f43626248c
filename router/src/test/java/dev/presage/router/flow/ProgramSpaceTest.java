package dev.presage.router.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Fallback;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestModels;
import dev.presage.router.program.ProgramBook;
import dev.presage.router.program.ProgramIds;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A new program begins where the contexts of those under way leave room for its own. */
class ProgramSpaceTest {
    private static final String FIRST = "default/pod-0-rank-0";
    private static final String SECOND = "default/pod-1-rank-0";
    private static final Set<String> BOTH = Set.of(FIRST, SECOND);

    private final AtomicLong nanos = new AtomicLong();
    private final ProgramBook book = new ProgramBook(nanos::get);
    private Set<String> room = BOTH;

    /** Endpoints of 10,240 and 20,480 tokens. */
    private static Rounds step(String program, int tokens) {
        Rounds rounds = new Rounds().prompt(tokens);
        if (!program.isEmpty()) {
            rounds.header(ProgramIds.PROGRAM, program);
        }
        return rounds.endpoint()
                .signals(new EngineSignals(0, 0, 0, 16, 640, Set.of(), Rounds.NOW))
                .endpoint()
                .signals(new EngineSignals(0, 0, 0, 16, 1_280, Set.of(), Rounds.NOW));
    }

    /** A step of 6,400 tokens whose context is still where the program is. */
    private static Rounds warm(String program, int endpoint) {
        Rounds rounds = new Rounds().header(ProgramIds.PROGRAM, program).prompt(6_400);
        for (int i = 0; i < 2; i++) {
            rounds.endpoint().signals(new EngineSignals(0, 0, 0, 16, 640, Set.of(), Rounds.NOW));
            if (i == endpoint) {
                rounds.holds(100);
            }
        }
        return rounds;
    }

    private static Decision.Routed decision(String program, int tokens, int endpoint) {
        Choice choice = Choice.of("test", endpoint, new double[] {0, 0}, 1);
        return new Decision.Routed(step(program, tokens).matrix(), choice, Fallback.NONE, "");
    }

    private void runs(String program, int tokens, int endpoint) {
        book.routed(decision(program, tokens, endpoint), 0, 0);
    }

    private void ends(String program, int tokens, int output) {
        Usage usage = new Usage(tokens, 0, output);
        book.ended(
                new Outcome(decision(program, tokens, 0), 0, 0, true, 200, EndCause.COMPLETED, "", 1.0, 1.0, 1, usage));
    }

    private Sight look(Rounds what) {
        return look(what, null);
    }

    private Sight look(Rounds what, @Nullable ServingModel model) {
        Function<Rounds, Round> rounds = one -> one.round(model, LatencySettings.DEFAULT, 1);
        return new ProgramSpace<>((any, ceiling, withheld) -> new Sight.Room(room), rounds, book)
                .look(what, 1, Set.of());
    }

    @Test
    void newProgramsWaitAndNobodyElse() {
        assertEquals(new Sight.Room(BOTH), look(step("big", 30_000)), "an empty endpoint takes what it does not hold");
        runs("a", 6_400, 0);
        runs("b", 6_400, 1);
        assertEquals(new Sight.Room(Set.of(SECOND)), look(step("c", 6_400)));
        runs("c", 6_400, 1);
        assertEquals(new Sight.Warm(BOTH, Hold.KV, 45_000, 0, 45_000), look(step("d", 6_400)));
        assertEquals(new Sight.Room(BOTH), look(warm("a", 0)), "a step of one under way");
        assertEquals(new Sight.Room(BOTH), look(step("", 6_400)), "of no program");
    }

    @Test
    void whoMayWaitForLongIsHeldForLong() {
        runs("a", 9_000, 0);
        runs("b", 18_000, 1);
        Rounds patient = step("c", 6_400).header(Claims.TTL, "1000000");
        assertEquals(new Sight.Warm(BOTH, Hold.KV, 750_000, 0, 750_000), look(patient));
    }

    @Test
    void aStepWhoseContextWasDisplacedBeginsAnewWhereItFits() {
        runs("a", 4_480, 0);
        runs("b", 3_840, 0);
        assertEquals(new Sight.Room(BOTH), look(step("a", 4_480)), "beside b there is room for it, at home too");
        runs("c", 3_840, 0);
        assertEquals(new Sight.Room(Set.of(SECOND)), look(step("a", 4_480)));
        runs("d", 14_000, 1);
        assertEquals(new Sight.Warm(BOTH, Hold.kvAfter(FIRST), 45_000, 0, 45_000), look(step("a", 4_480)));
        assertEquals(new Sight.Room(BOTH), look(warm("a", 0)), "what is still there stays");
    }

    @Test
    void aNewProgramNeedsRoomForWhatItWillGrowBy() {
        for (int i = 0; i < 200; i++) {
            runs("grown" + i, 640, 0);
            ends("grown" + i, 640, 6_000);
        }
        nanos.set(1_000_000_000_000L);
        runs("a", 1_280, 0);
        runs("b", 14_000, 1);
        assertEquals(
                new Sight.Warm(BOTH, Hold.KV, 45_000, 0, 45_000),
                look(step("c", 1_280)),
                "1,280 twice, each 6,000 more");
    }

    /** 1 ms and 10 ms for each thousand tokens to compute, those in front of it too. */
    @Test
    void aFullHomeIsWaitedForWhileThatTakesLessThanComputingTheContextCosts() {
        runs("a", 6_400, 0);
        room = Set.of(SECOND);
        Sight.Warm held = assertInstanceOf(Sight.Warm.class, look(homeWith(10_000), TestModels.work()));
        assertEquals(FIRST, held.endpoint());
        assertEquals(2 * 64 - 100, held.gainMs(), 3, "its 64 ms elsewhere and as long for those there, 100 ms at home");
        assertEquals(new Sight.Room(room), look(homeWith(14_000), TestModels.work()));
        assertInstanceOf(Sight.Warm.class, look(homeWith(10_000), null), "by tokens without a model");
        assertEquals(new Sight.Room(room), look(homeWith(14_000), null));
        room = BOTH;
        assertEquals(new Sight.Room(BOTH), look(homeWith(10_000), TestModels.work()), "not full");
    }

    @Test
    void aStepDoesNotGoWhereItWouldDisplaceOthers() {
        runs("a", 6_400, 0);
        runs("b", 14_000, 1);
        room = Set.of(SECOND);
        assertEquals(new Sight.Warm(room, FIRST, 45_000, 0, 45_000, false), look(warm("a", 0)));
    }

    /** The program's home holds all of its prompt and has so many tokens to compute for others. */
    private static Rounds homeWith(int tokens) {
        return new Rounds()
                .header(ProgramIds.PROGRAM, "a")
                .prompt(6_400)
                .endpoint()
                .holds(100)
                .inFlight(1, tokens)
                .endpoint();
    }
}
