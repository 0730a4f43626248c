package dev.presage.router.plugin.admit;

import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Moment;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.plugin.Admitter;
import dev.presage.router.plugin.FaultLog;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.predict.CandidateMatrix;
import java.util.List;
import java.util.Optional;

/**
 * Stands before a scheduler and turns sheddable requests, those of negative priority, away while the fleet is full or an admitter
 * says so. Everybody else passes without being looked at. An admitter that fails admits.
 */
public record Gate(
        SaturationDetector detector,
        List<Admitter> admitters,
        LatencySettings latency,
        FaultLog faults,
        Scheduler inner)
        implements Scheduler {
    private static final Decision FULL = new Decision.Shed("system saturated, sheddable request dropped", "");

    public Gate {
        admitters = List.copyOf(admitters);
    }

    @Override
    public Decision schedule(CandidateMatrix candidates, Moment moment) {
        if (candidates.request().priority() >= 0) {
            return inner.schedule(candidates, moment);
        }
        Round round = Round.of(candidates, moment, latency);
        return refusal(round).orElseGet(() -> inner.schedule(candidates, moment));
    }

    private Optional<Decision> refusal(Round round) {
        try {
            if (detector.saturation(round) >= 1) {
                return Optional.of(FULL);
            }
            for (Admitter admitter : admitters) {
                Optional<String> denial = admitter.denial(round);
                if (denial.isPresent()) {
                    return Optional.of(new Decision.Shed("request cannot be admitted: " + denial.get(), ""));
                }
            }
        } catch (RuntimeException e) {
            faults.failed("admission", e);
        }
        return Optional.empty();
    }
}
