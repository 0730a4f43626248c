package dev.presage.router.slo;

import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Moment;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.predict.CandidateMatrix;

/**
 * Stands before a scheduler and refuses requests of lower priority than those of an SLO that is to be protected by shedding
 * while it burns its budget too fast. Thread-safe.
 */
public record SloGate(SloBook book, Scheduler inner) implements Scheduler {
    @Override
    public Decision schedule(CandidateMatrix candidates, Moment moment) {
        SloBook.Floor floor = book.floor();
        return candidates.request().priority() < floor.priority()
                ? new Decision.Shed(
                        "LatencySLO " + floor.slo() + " is violated, request of lower priority dropped",
                        "rejected-saturated")
                : inner.schedule(candidates, moment);
    }
}
