package dev.presage.router.plugin.profile;

import dev.presage.router.pick.Cost;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Fallback;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.LearnedPolicy;
import dev.presage.router.pick.Moment;
import dev.presage.router.pick.TargetCost;
import dev.presage.router.plugin.FaultLog;
import dev.presage.router.plugin.PluginWatch;
import dev.presage.router.plugin.Round;
import dev.presage.router.predict.ServingModel;
import java.util.Optional;

/**
 * Who decides within a profile: the model while it may, else the profile's scorers, else the lowest rung of the ladder. The
 * binding filters hold for all of them. A rung that throws is passed over.
 *
 * @param scorersDecide whether the scorers stand below the model; else the ladder's lowest rung does
 * @param watch told what the plugins do
 */
public record Rungs(Ladder ladder, boolean scorersDecide, FaultLog faults, PluginWatch watch) {

    /** The pick by the request's targets and the ladder's objective; empty when filters leave nobody. */
    Optional<Decision.Routed> pick(Profile profile, Round round) {
        return pick(profile, round, new TargetCost(ladder.objective()));
    }

    /** The pick by what the model is to minimise; empty when filters leave nobody. */
    Optional<Decision.Routed> pick(Profile profile, Round round, Cost objective) {
        watch.decides(profile.name(), round.size());
        try {
            return decided(profile, round, objective);
        } finally {
            watch.decided();
        }
    }

    private Optional<Decision.Routed> decided(Profile profile, Round round, Cost objective) {
        Round allowed = profile.allowed(round, faults, watch);
        if (allowed.isEmpty()) {
            return Optional.empty();
        }
        Moment moment = round.moment();
        Fallback why = ladder.judge(allowed.candidates(), moment.model(), moment.now(), moment.health());
        try {
            ServingModel model = moment.model();
            if (model != null && why == Fallback.NONE) {
                LearnedPolicy policy = new LearnedPolicy(model, objective, ladder.exploration());
                return Optional.of(new Decision.Routed(
                        allowed.candidates(), policy.choose(allowed.candidates(), moment.random()), why, ""));
            }
            if (scorersDecide) {
                return profile.pick(round, why, watch);
            }
        } catch (RuntimeException e) {
            faults.failed("profile " + profile.name(), e);
            why = Fallback.PLUGIN_FAILED;
        }
        return Optional.of(new Decision.Routed(
                allowed.candidates(), ladder.lower().choose(allowed.candidates(), moment.random()), why, ""));
    }
}
