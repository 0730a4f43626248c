package dev.presage.router.program;

import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Moment;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Keeps requests where their session's cache is, unless a named reason is against it. A learned pick that goes elsewhere for a gain of less
 * than {@link #PATIENCE_MS}, or a quarter (a program's: the same again), or in order to explore, is turned back: its context would be computed anew
 * there and displace others'. Where nothing is predicted the inner pick stands, but for programs, where tokens stand for time. Pure but for what it tells.
 *
 * @param present whether an endpoint of that id is in the fleet
 * @param told of every routed request, on the deciding thread
 */
public record Staying(Scheduler inner, ProgramBook book, Predicate<String> present, Consumer<Stay> told)
        implements Scheduler {
    static final double PATIENCE_MS = 100;
    private static final double PATIENCE_RATIO = 0.25;
    /** A move of a program must gain as much as it costs: its context is computed once more and displaces others'. */
    private static final double PROGRAM_RATIO = 1;
    /** Costs so far apart are of different classes of {@link dev.presage.router.pick.TargetCost}. */
    private static final double CLASS = 5e8;

    @Override
    public Decision schedule(CandidateMatrix candidates, Moment moment) {
        Decision decision = inner.schedule(candidates, moment);
        if (!(decision instanceof Decision.Routed routed)) {
            return decision;
        }
        Optional<String> home = book.home(candidates.request());
        if (home.isEmpty()) {
            told.accept(Stay.NONE);
            return routed;
        }
        Stay stay = judge(routed, home.get());
        told.accept(stay);
        Decision.Routed goes = stay == Stay.STAYED && !routed.endpoint().id().equals(home.get())
                ? turnedBack(routed, routed.candidates().place(home.get()))
                : routed;
        return goes.staying(stay.label());
    }

    private Stay judge(Decision.Routed routed, String home) {
        if (routed.endpoint().id().equals(home)) {
            return Stay.STAYED;
        }
        if (ProgramIds.mayLeave(routed.candidates().request())) {
            return Stay.HEADER;
        }
        int at = routed.candidates().place(home);
        if (at < 0) {
            return present.test(home) ? Stay.FULL : Stay.GONE;
        }
        Choice choice = routed.choice();
        Predictions predictions = choice.predictions();
        if (routed.itinerary().prefill() != null) {
            return Stay.LOAD;
        }
        if (predictions == null) {
            return stays(routed.candidates(), at, choice.candidate()) ? Stay.STAYED : Stay.LOAD;
        }
        if (choice.costs()[at] - choice.costs()[choice.candidate()] > CLASS) {
            return Stay.TARGET;
        }
        double there = predictions.locationMs(Target.TTFT, choice.candidate());
        double here = predictions.locationMs(Target.TTFT, at);
        double ratio = ProgramIds.ofProgram(routed.candidates().request()) ? PROGRAM_RATIO : PATIENCE_RATIO;
        return here - there > Math.max(PATIENCE_MS, ratio * there) ? Stay.LOAD : Stay.STAYED;
    }

    /** Without predictions: a program's step stays where there is no more work in front of it than a move makes, counted twice. */
    private static boolean stays(CandidateMatrix candidates, int home, int elsewhere) {
        return ProgramIds.ofProgram(candidates.request())
                && candidates.tokensAhead(home, 1) <= candidates.tokensAhead(elsewhere, 1 + PROGRAM_RATIO);
    }

    /** Whatever the inner policy drew within that patience, the request stays: so it is certain to. */
    private static Decision.Routed turnedBack(Decision.Routed routed, int home) {
        Choice drawn = routed.choice();
        return routed.by(new Choice(
                drawn.policy(),
                home,
                drawn.costs(),
                1,
                false,
                drawn.predictions(),
                drawn.bundleId(),
                drawn.standing()));
    }
}
