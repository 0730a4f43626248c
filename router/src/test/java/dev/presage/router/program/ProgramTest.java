package dev.presage.router.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Fallback;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.Objective;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestModels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where sessions and programs are at home, what they need there, and why requests leave. */
class ProgramTest {
    private static final String FIRST = "default/pod-0-rank-0";
    private static final String SECOND = "default/pod-1-rank-0";
    private static final long SECONDS = 1_000_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private final ProgramBook book = new ProgramBook(nanos::get);
    private final List<Stay> told = new ArrayList<>();
    private final Set<String> present = new HashSet<>(Set.of(FIRST, SECOND));

    private static Rounds step(String program) {
        return new Rounds()
                .header(ProgramIds.PROGRAM, program)
                .prompt(6_400)
                .endpoint()
                .endpoint();
    }

    private static Decision.Routed routed(Rounds rounds, int endpoint) {
        return new Decision.Routed(
                rounds.matrix(), Choice.of("test", endpoint, new double[] {0, 0}, 1), Fallback.NONE, "");
    }

    private void route(Decision.Routed decision) {
        book.routed(decision, 0, 0);
    }

    private void end(Decision.Routed decision, int output) {
        book.ended(new Outcome(
                decision, 0, 0, true, 200, EndCause.COMPLETED, "", 1.0, 1.0, 1, new Usage(6_400, 0, output)));
    }

    @Test
    void aProgramsContextCountsWhereItIsUntilItIsNotExpectedAnyMore() {
        Decision.Routed first = routed(step("p"), 1);
        route(first);
        assertEquals(6_400, book.neededTokens(SECOND));
        nanos.set(1_000 * SECONDS);
        assertTrue(book.expected(step("p").matrix().request()), "for as long as a step is under way");
        end(first, 100);
        assertEquals(6_500, book.neededTokens(SECOND));
        nanos.addAndGet(39 * SECONDS);
        assertEquals(6_500, book.neededTokens(SECOND), "four times the ten seconds that nobody has contradicted");
        nanos.addAndGet(2 * SECONDS);
        assertEquals(0, book.neededTokens(SECOND));
        assertFalse(book.expected(step("p").matrix().request()));
        assertEquals(Optional.of(SECOND), book.home(step("p").matrix().request()), "its home is remembered");
    }

    @Test
    void theContextIsNeededWhileAStepWaits() {
        Decision.Routed first = routed(step("p"), 1);
        route(first);
        end(first, 0);
        nanos.addAndGet(30 * SECONDS);
        book.came(step("p").matrix().request(), 100_000);
        nanos.addAndGet(99 * SECONDS);
        assertEquals(6_400, book.neededTokens(SECOND));
        book.came(step("p").matrix().request(), 0);
        nanos.addAndGet(119 * SECONDS);
        assertEquals(6_400, book.neededTokens(SECOND), "two minutes where the request does not say");
        nanos.addAndGet(2 * SECONDS);
        assertEquals(0, book.neededTokens(SECOND));
        book.came(step("p").matrix().request(), 100_000);
        assertEquals(0, book.neededTokens(SECOND), "it is not under way any more");
    }

    @Test
    void itsGapIsLearned() {
        for (int i = 0; i < 30; i++) {
            Decision.Routed one = routed(step("p"), 0);
            route(one);
            end(one, 0);
            nanos.addAndGet(25 * SECONDS);
        }
        nanos.addAndGet(60 * SECONDS);
        assertTrue(book.expected(step("p").matrix().request()), "25 s usually, 85 s now");
        nanos.addAndGet(30 * SECONDS);
        assertFalse(book.expected(step("p").matrix().request()));
    }

    @Test
    void itsOwnGapsCountMoreThanThoseOfOthers() {
        long[] gaps = {5, 25, 0};
        for (long gap : gaps) {
            Decision.Routed one = routed(step("p"), 0);
            route(one);
            end(one, 0);
            nanos.addAndGet(gap * SECONDS);
        }
        nanos.addAndGet(43 * SECONDS);
        assertTrue(book.expected(step("p").matrix().request()), "four times 11 s, others' are 10.3 s");
        nanos.addAndGet(2 * SECONDS);
        assertFalse(book.expected(step("p").matrix().request()));
    }

    @Test
    void stepsAtTheSameTimeKeepTheContext() {
        Decision.Routed first = routed(step("p"), 1);
        Decision.Routed second = routed(step("p"), 1);
        route(first);
        route(second);
        end(first, 0);
        nanos.addAndGet(1_000 * SECONDS);
        assertEquals(6_400, book.neededTokens(SECOND), "one is still under way");
        end(second, 0);
        nanos.addAndGet(1_000 * SECONDS);
        assertEquals(0, book.neededTokens(SECOND));
    }

    /** 641 ms elsewhere and 1,001 ms at home, where 100,000 tokens are in front of it. */
    @Test
    void aProgramsMoveMustGainWhatItCosts() {
        for (String header : List.of(ProgramIds.PROGRAM, ProgramIds.SESSION)) {
            Rounds rounds = new Rounds()
                    .header(header, "of " + header)
                    .prompt(64_000)
                    .endpoint()
                    .scraped(0, 0, 0)
                    .holds(1_000)
                    .inFlight(1, 100_000)
                    .endpoint()
                    .scraped(0, 0, 0);
            route(routed(rounds, 0));
            boolean program = header.equals(ProgramIds.PROGRAM);
            assertEquals(program ? FIRST : SECOND, place(rounds.matrix(), TestModels.work()));
            assertEquals(program ? Stay.STAYED : Stay.LOAD, told.getLast());
        }
    }

    @Test
    void itLeavesForATargetHoweverLittleItGains() {
        route(routed(step("p"), 0));
        Scheduler aims = (candidates, moment) -> {
            Decision.Routed routed = (Decision.Routed) Ladder.DEFAULT.schedule(candidates, moment);
            Choice choice = routed.choice();
            return routed.by(new Choice(
                    choice.policy(), 1, new double[] {1e9, 7}, 1, false, choice.predictions(), choice.bundleId()));
        };
        Staying staying = new Staying(aims, book, present::contains, told::add);
        CandidateMatrix matrix = rounds("p", 5_000).matrix();
        Decision.Routed left = (Decision.Routed) staying.schedule(matrix, Rounds.moment(TestModels.work(), 1));
        assertEquals(SECOND, left.endpoint().id());
        assertEquals(Stay.TARGET, told.getLast());
        assertEquals("target", left.stay());
    }

    @Test
    void aSessionHasAHomeAndNeedsNothing() {
        for (Rounds session : List.of(
                new Rounds().header(ProgramIds.SESSION, "s"), new Rounds().header("cookie", "a=b; x-session-id=s"))) {
            Rounds rounds = session.endpoint().endpoint();
            route(routed(rounds, 1));
            assertEquals(Optional.of(SECOND), book.home(rounds.matrix().request()));
        }
        assertEquals(0, book.neededTokens(SECOND));
        assertEquals(
                Optional.empty(), book.home(new Rounds().endpoint().matrix().request()));
    }

    /** The sum over programs, whatever comes in whatever order. */
    @Test
    void whatIsNeededIsTheSumOfThoseUnderWay() {
        SplittableRandom random = new SplittableRandom(4);
        List<Decision.Routed> running = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            nanos.addAndGet(random.nextLong(3 * SECONDS));
            if (random.nextBoolean() || running.isEmpty()) {
                Decision.Routed next = routed(step("p" + random.nextInt(20)), random.nextInt(2));
                running.add(next);
                route(next);
            } else {
                end(running.remove(random.nextInt(running.size())), 0);
            }
            assertEquals(6_400L * book.programs(), book.neededTokens(FIRST) + book.neededTokens(SECOND));
        }
        running.forEach(decision -> end(decision, 0));
        nanos.addAndGet(1_000 * SECONDS);
        assertEquals(0, book.neededTokens(FIRST) + book.neededTokens(SECOND));
    }

    @Test
    void itStaysForAsLongAsAnotherIsNotMuchSooner() {
        route(routed(step("p"), 0));
        // 1 + 10 ms for each thousand tokens to compute.
        assertEquals(FIRST, place(rounds("p", 5_000).matrix(), TestModels.work()));
        assertEquals(Stay.STAYED, told.getLast());
        assertEquals(SECOND, place(rounds("p", 60_000).matrix(), TestModels.work()));
        assertEquals(Stay.LOAD, told.getLast());
        assertEquals(
                SECOND, place(rounds("p", 5_000).header(ProgramIds.STAY, "off").matrix(), TestModels.work()));
        assertEquals(Stay.HEADER, told.getLast());
        place(new Rounds().header(ProgramIds.PROGRAM, "new").endpoint().matrix(), TestModels.work());
        assertEquals(Stay.NONE, told.getLast());
    }

    @Test
    void withoutAModelTokensStandForTime() {
        route(routed(step("p"), 0));
        assertEquals(
                FIRST,
                place(rounds("p", 600).matrix(), null),
                "600 in front, 640 to compute anew for itself and others");
        assertEquals(Stay.STAYED, told.getLast());
        assertEquals(SECOND, place(rounds("p", 700).matrix(), null));
        assertEquals(Stay.LOAD, told.getLast());
        Rounds session = rounds("", 600).header(ProgramIds.SESSION, "s");
        route(routed(session, 0));
        assertEquals(SECOND, place(session.matrix(), null), "a session goes as it is picked");
        assertEquals(Stay.LOAD, told.getLast());
    }

    @Test
    void aHomeThatIsNoCandidateIsNamed() {
        Rounds gone = new Rounds().header(ProgramIds.PROGRAM, "p").endpoint();
        route(routed(step("p"), 1));
        assertEquals(FIRST, place(gone.matrix(), TestModels.work()));
        assertEquals(Stay.FULL, told.getLast(), "it is there, but not for this request now");
        present.remove(SECOND);
        place(gone.matrix(), TestModels.work());
        assertEquals(Stay.GONE, told.getLast());
    }

    /** The program's home has so much in front of its next step. */
    private static Rounds rounds(String program, int tokens) {
        return new Rounds()
                .header(ProgramIds.PROGRAM, program)
                .prompt(640)
                .endpoint()
                .scraped(0, 0, 0)
                .inFlight(1, tokens)
                .endpoint()
                .scraped(0, 0, 0);
    }

    private String place(CandidateMatrix matrix, @Nullable ServingModel model) {
        Ladder soon = Ladder.DEFAULT.towards(Objective.OWN_LATENCY);
        Staying staying = new Staying(soon, book, present::contains, told::add);
        Decision.Routed routed = (Decision.Routed) staying.schedule(matrix, Rounds.moment(model, 1));
        assertEquals(told.getLast() == Stay.NONE ? "" : told.getLast().label(), routed.stay(), "as the receipt has it");
        return routed.endpoint().id();
    }

    @Test
    void whatAProgramSaysOfItsNextStepCounts() {
        Decision.Routed soon = routed(step("p").header(ProgramIds.NEXT_STEP, "2000"), 1);
        route(soon);
        end(soon, 0);
        nanos.addAndGet(7 * SECONDS);
        assertEquals(6_400, book.neededTokens(SECOND), "four times as long");
        nanos.addAndGet(2 * SECONDS);
        assertEquals(0, book.neededTokens(SECOND));
        Decision.Routed last = routed(step("p").header(ProgramIds.NEXT_STEP, "0"), 1);
        route(last);
        end(last, 0);
        assertEquals(0, book.neededTokens(SECOND), "its last one");
        Decision.Routed odd = routed(step("p").header(ProgramIds.NEXT_STEP, "soon"), 1);
        route(odd);
        end(odd, 0);
        nanos.addAndGet(9 * SECONDS);
        assertEquals(6_400, book.neededTokens(SECOND), "says nothing");
    }

    @Test
    void aProgramsDeadlineRunsFromItsFirstStep() {
        Rounds step = step("p").header(ProgramIds.DEADLINE, "60000");
        assertEquals(60_000, book.dueMs(step.matrix().request()));
        route(routed(step, 0));
        nanos.addAndGet(20 * SECONDS);
        route(routed(step, 1));
        assertEquals(40_000, book.dueMs(step.matrix().request()));
        assertEquals(0, book.dueMs(step("p").matrix().request()), "only where it is said");
        nanos.addAndGet(50 * SECONDS);
        assertEquals(1, book.dueMs(step.matrix().request()), "it is over, and the most urgent of all");
    }

    @Test
    void aStepIsDueWhenThoseAfterItCanStillBeInTime() {
        for (int i = 0; i < 20; i++) {
            steps("before" + i, 5);
        }
        Rounds first = step("p").header(ProgramIds.DEADLINE, "100000");
        assertEquals(100_000 - 4 * (1 + 10_000), book.dueMs(first.matrix().request()), 1, "four steps and gaps follow");
        Rounds hurried = step("p").header(ProgramIds.DEADLINE, "20000");
        assertEquals(4_000, book.dueMs(hurried.matrix().request()), 1, "too little for all: an even share");
        Rounds last = step("p").header(ProgramIds.DEADLINE, "20000").header(ProgramIds.NEXT_STEP, "0");
        assertEquals(20_000, book.dueMs(last.matrix().request()), "nothing follows");
        steps("p", 4);
        assertEquals(100_000 - 40_000, book.dueMs(first.matrix().request()), 1, "the last one, as programs usually go");
    }

    /** So many steps, each followed by ten seconds. */
    private void steps(String program, int count) {
        for (int i = 0; i < count; i++) {
            Decision.Routed step = routed(step(program), 0);
            route(step);
            end(step, 10);
            nanos.addAndGet(10 * SECONDS);
        }
    }

    @Test
    void theContextCountsAsItWillBe() {
        for (int i = 0; i < 300; i++) {
            Decision.Routed grows = routed(step("grows" + i), 0);
            route(grows);
            end(grows, 3_000);
            nanos.addAndGet(200 * SECONDS);
        }
        assertEquals(3_000, book.usualGrowthTokens(), 10);
        route(routed(step("p"), 1));
        assertEquals(9_400, book.neededTokens(SECOND), 10);
        for (int i = 0; i < 300; i++) {
            Decision.Routed stays = routed(step("stays" + i), 0);
            route(stays);
            end(stays, 0);
            nanos.addAndGet(200 * SECONDS);
        }
        assertEquals(0, book.usualGrowthTokens(), 10, "others grow less");
    }
}
