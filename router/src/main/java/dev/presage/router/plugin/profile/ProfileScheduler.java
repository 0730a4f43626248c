package dev.presage.router.plugin.profile;

import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Moment;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Round;
import dev.presage.router.predict.CandidateMatrix;
import java.util.Map;

/** Decides by configured profiles: a handler, the profiles by name, and who decides within each. Thread-safe. */
public record ProfileScheduler(
        ProfileHandler handler, Map<String, Profile> profiles, Rungs rungs, LatencySettings latency)
        implements Scheduler {
    public ProfileScheduler {
        profiles = Map.copyOf(profiles);
        String complaint = handler.complaint(profiles.keySet()).orElse("");
        if (!complaint.isEmpty()) {
            throw new IllegalArgumentException(complaint);
        }
    }

    @Override
    public Decision schedule(CandidateMatrix candidates, Moment moment) {
        return handler.schedule(Round.of(candidates, moment, latency), profiles, rungs);
    }
}
