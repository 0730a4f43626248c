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

/**
 * Keeps requests where their session's cache is, unless a named reason is against it. A learned pick that goes elsewhere for a gain of less
 * than {@link #PATIENCE_MS}, or a quarter, or in order to explore, is turned back: its context would be computed anew
 * there and displace others'. Where nothing is predicted the inner pick stands. Pure but for what it tells.
 *
 * @param told of every routed request, on the deciding thread
 */
public record Staying(Scheduler inner, ProgramBook book, Consumer<Stay> told) implements Scheduler {
    static final double PATIENCE_MS = 100;
    private static final double PATIENCE_RATIO = 0.25;
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
        return stay == Stay.STAYED && !routed.endpoint().id().equals(home.get())
                ? turnedBack(routed, place(routed.candidates(), home.get()))
                : routed;
    }

    static Stay judge(Decision.Routed routed, String home) {
        if (routed.endpoint().id().equals(home)) {
            return Stay.STAYED;
        }
        if (ProgramIds.mayLeave(routed.candidates().request())) {
            return Stay.HEADER;
        }
        int at = place(routed.candidates(), home);
        if (at < 0) {
            return Stay.GONE;
        }
        Choice choice = routed.choice();
        Predictions predictions = choice.predictions();
        if (predictions == null || routed.itinerary().prefill() != null) {
            return Stay.LOAD;
        }
        if (choice.costs()[at] - choice.costs()[choice.candidate()] > CLASS) {
            return Stay.TARGET;
        }
        double there = predictions.locationMs(Target.TTFT, choice.candidate());
        double here = predictions.locationMs(Target.TTFT, at);
        return here - there > Math.max(PATIENCE_MS, PATIENCE_RATIO * there) ? Stay.LOAD : Stay.STAYED;
    }

    /** Whatever the inner policy drew within that patience, the request stays: so it is certain to. */
    private static Decision.Routed turnedBack(Decision.Routed routed, int home) {
        Choice drawn = routed.choice();
        Choice stays = new Choice(
                drawn.policy(), home, drawn.costs(), 1, false, drawn.predictions(), drawn.bundleId(), drawn.standing());
        return new Decision.Routed(
                routed.candidates(), stays, routed.fallback(), routed.arm(), routed.itinerary(), routed.shadow());
    }

    private static int place(CandidateMatrix candidates, String id) {
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.state(i).endpoint().id().equals(id)) {
                return i;
            }
        }
        return -1;
    }
}
