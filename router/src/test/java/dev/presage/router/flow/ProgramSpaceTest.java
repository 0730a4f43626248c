package dev.presage.router.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Fallback;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.program.ProgramBook;
import dev.presage.router.program.ProgramIds;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A new program begins where the contexts of those under way leave room for its own. */
class ProgramSpaceTest {
    private static final Set<String> BOTH = Set.of("default/pod-0-rank-0", "default/pod-1-rank-0");

    private final ProgramBook book = new ProgramBook(() -> 0);
    private final ProgramSpace<Rounds> space =
            new ProgramSpace<>((what, ceiling, withheld) -> new Sight.Room(BOTH), Rounds::round, book, 9_000);

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

    private void runs(String program, int tokens, int endpoint) {
        Choice choice = Choice.of("test", endpoint, new double[] {0, 0}, 1);
        book.routed(new Decision.Routed(step(program, tokens).matrix(), choice, Fallback.NONE, ""), 0, 0);
    }

    private Sight look(Rounds what) {
        return space.look(what, 1, Set.of());
    }

    @Test
    void newProgramsWaitAndNobodyElse() {
        assertEquals(new Sight.Room(BOTH), look(step("big", 30_000)), "an empty endpoint takes what it does not hold");
        runs("a", 6_400, 0);
        runs("b", 6_400, 1);
        assertEquals(new Sight.Room(Set.of("default/pod-1-rank-0")), look(step("c", 6_400)));
        runs("c", 6_400, 1);
        assertEquals(new Sight.Warm(BOTH, Hold.KV, 9_000, 0, 9_000), look(step("d", 6_400)));
        assertEquals(new Sight.Room(BOTH), look(step("a", 6_400)), "a step of one under way");
        assertEquals(new Sight.Room(BOTH), look(step("", 6_400)), "of no program");
    }
}
