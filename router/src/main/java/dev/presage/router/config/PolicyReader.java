package dev.presage.router.config;

import dev.presage.router.config.PolicyConfig.Kind;
import dev.presage.router.pick.Exploration;
import dev.presage.router.pick.Objective;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.profile.Profile;
import dev.presage.router.predict.Aim;
import dev.presage.router.predict.Placement;
import dev.presage.router.request.LatencyTargets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Which policy a configuration asks for: what {@code presage-policy} says; else the learned one above the profile where the
 * contract's predicted latency is configured; else the scorers of the profiles; else the default.
 */
record PolicyReader(Plugins plugins, List<String> warnings) {
    PolicyConfig read(Collection<Profile> profiles) {
        List<PolicyConfig> own = plugins.all(PolicyConfig.class);
        if (!own.isEmpty()) {
            return own.getFirst();
        }
        boolean prefers = profiles.stream().anyMatch(Profile::prefers);
        boolean predicted = plugins.ofType(PluginCatalog.PREDICTED_LATENCY).isPresent()
                || plugins.ofType(PluginCatalog.LATENCY_SCORER).isPresent();
        if (predicted) {
            warnings.add("predicted latency comes from the built-in predictor: the learned policy decides, the profile"
                    + " while there is no model; " + PluginCatalog.POLICY + " with policy: heuristic lets the profile"
                    + " decide");
        } else if (prefers) {
            warnings.add("the profile's scorers decide; a plugin of type " + PluginCatalog.POLICY
                    + " lets the learned policy decide");
        }
        Kind below = prefers ? Kind.HEURISTIC : PolicyConfig.DEFAULT.fallback();
        return PolicyConfig.DEFAULT.decidedBy(predicted || !prefers ? Kind.LEARNED : Kind.HEURISTIC, below);
    }

    /** What {@code presage-policy} says. */
    static PolicyConfig own(Parameters given) {
        PolicyConfig base = PolicyConfig.DEFAULT;
        Exploration exploration = base.exploration();
        return new PolicyConfig(
                Kind.of(given.choice("policy", base.deciding().word(), words(0))),
                Kind.of(given.choice("fallback", base.fallback().word(), words(1))),
                objective(given.choice(
                        "objective",
                        base.objective().label(),
                        Arrays.stream(Objective.values()).map(Objective::label).toArray(String[]::new))),
                new Exploration(
                        given.number("explorationShare", 0, 0.5, exploration.share()),
                        given.number("explorationMaxExtraMs", 0, 60_000, exploration.maxExtraMs()),
                        given.number("explorationMaxExtraRatio", 0, 10, exploration.maxExtraRatio())),
                given.duration("maxModelAge", base.maxModelAge()),
                new Aim(
                        LatencyTargets.NONE,
                        given.number("targetConfidence", 0.5, 0.99, Aim.DEFAULT_CONFIDENCE),
                        placement(given.choice(
                                "placement",
                                Placement.CHEAPEST.label(),
                                Arrays.stream(Placement.values())
                                        .map(Placement::label)
                                        .toArray(String[]::new)))));
    }

    private static Placement placement(String label) {
        return Arrays.stream(Placement.values())
                .filter(placement -> placement.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private static Objective objective(String label) {
        return Arrays.stream(Objective.values())
                .filter(objective -> objective.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    /** The first word is that of the learned policy, which is no fallback. */
    private static String[] words(int from) {
        return Arrays.stream(Kind.values()).skip(from).map(Kind::word).toArray(String[]::new);
    }
}
