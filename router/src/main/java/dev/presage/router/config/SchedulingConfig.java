package dev.presage.router.config;

import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.plugin.Admitter;
import dev.presage.router.plugin.FaultLog;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.PluginWatch;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.plugin.admit.Admission;
import dev.presage.router.plugin.admit.Gate;
import dev.presage.router.plugin.profile.Profile;
import dev.presage.router.plugin.profile.ProfileHandler;
import dev.presage.router.plugin.profile.ProfileHandlers;
import dev.presage.router.plugin.profile.ProfileScheduler;
import dev.presage.router.plugin.profile.Rungs;
import java.util.List;
import java.util.Map;

/**
 * How requests are scheduled.
 *
 * @param policy who decides
 * @param handler what chooses among the profiles
 * @param profiles by name, at least one
 * @param latency how predictions are held against SLOs
 * @param detector when sheddable requests are turned away
 * @param admitters what else turns them away
 */
public record SchedulingConfig(
        PolicyConfig policy,
        ProfileHandler handler,
        Map<String, Profile> profiles,
        LatencySettings latency,
        SaturationDetector detector,
        List<Admitter> admitters) {
    private static final Profile EMPTY =
            new Profile(Profile.DEFAULT.name(), List.of(), List.of(), Profile.DEFAULT.picker());

    static final SchedulingConfig DEFAULT = new SchedulingConfig(
            PolicyConfig.DEFAULT,
            ProfileHandlers.SINGLE,
            Map.of(EMPTY.name(), EMPTY),
            LatencySettings.DEFAULT,
            Admission.DEFAULT,
            List.of());

    public SchedulingConfig {
        profiles = Map.copyOf(profiles);
        admitters = List.copyOf(admitters);
    }

    /** Sheddable requests are turned away when the detector says so. */
    public Scheduler scheduler() {
        return scheduler(detector, PluginWatch.NONE);
    }

    /**
     * The scheduler that does as configured; the ladder alone decides where nothing else is asked for.
     *
     * @param shedding when sheddable requests are turned away
     * @param watch told what the plugins of each decision do
     */
    Scheduler scheduler(SaturationDetector shedding, PluginWatch watch) {
        FaultLog faults = new FaultLog();
        Ladder ladder = policy.ladder();
        Scheduler inner = plain() && !policy.scorersDecide()
                ? ladder
                : new ProfileScheduler(
                        handler,
                        plain() ? Map.of(EMPTY.name(), Profile.DEFAULT) : profiles,
                        new Rungs(ladder, policy.scorersDecide(), faults, watch),
                        latency);
        return new Gate(shedding, admitters, latency, faults, inner);
    }

    /** Whether nothing is configured about scheduling. */
    private boolean plain() {
        return handler.equals(ProfileHandlers.SINGLE)
                && profiles.values().stream()
                        .allMatch(profile -> profile.filters().isEmpty() && !profile.prefers());
    }
}
