package dev.presage.router.config;

import dev.presage.router.pick.Exploration;
import dev.presage.router.pick.Objective;
import dev.presage.router.plugin.profile.Profile;
import dev.presage.router.predict.Aim;
import dev.presage.router.predict.Placement;
import dev.presage.router.request.LatencyTargets;
import dev.presage.router.yaml.YamlNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which policy a configuration asks for: what {@code presage-policy} says; else the learned one above the profile where the
 * contract's predicted latency is configured; else the scorers of the profiles; else the default.
 */
record PolicyReader(Plugins plugins, List<String> warnings) {
    PolicyConfig read(Collection<Profile> profiles) {
        Optional<Declaration> own = plugins.ofType(PluginCatalog.POLICY);
        if (own.isPresent()) {
            return own(own.get());
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
        PolicyConfig.Kind below = prefers ? PolicyConfig.Kind.HEURISTIC : PolicyConfig.Kind.LMETRIC;
        return PolicyConfig.DEFAULT.decidedBy(
                predicted || !prefers ? PolicyConfig.Kind.LEARNED : PolicyConfig.Kind.HEURISTIC, below);
    }

    private static PolicyConfig own(Declaration plugin) {
        PolicyConfig base = PolicyConfig.DEFAULT;
        PolicyConfig.Kind deciding =
                plugin.parameter("policy").map(PolicyReader::kind).orElse(base.deciding());
        PolicyConfig.Kind fallback = plugin.parameter("fallback")
                .map(node -> {
                    PolicyConfig.Kind kind = kind(node);
                    if (kind == PolicyConfig.Kind.LEARNED) {
                        throw node.error("must be lmetric or heuristic, is learned");
                    }
                    return kind;
                })
                .orElse(base.fallback());
        Exploration exploration = new Exploration(
                number(plugin, "explorationShare", 0.5, base.exploration().share()),
                number(
                        plugin,
                        "explorationMaxExtraMs",
                        60_000,
                        base.exploration().maxExtraMs()),
                number(
                        plugin,
                        "explorationMaxExtraRatio",
                        10,
                        base.exploration().maxExtraRatio()));
        return new PolicyConfig(
                deciding,
                fallback,
                plugin.parameter("objective").map(PolicyReader::objective).orElse(base.objective()),
                exploration,
                plugin.parameter("maxModelAge").map(PolicyReader::age).orElse(base.maxModelAge()),
                aim(plugin));
    }

    private static Aim aim(Declaration plugin) {
        return new Aim(
                LatencyTargets.NONE,
                plugin.parameter("targetConfidence")
                        .map(node -> node.number(0.5, 0.99))
                        .orElse(Aim.DEFAULT_CONFIDENCE),
                plugin.parameter("placement").map(PolicyReader::placement).orElse(Placement.CHEAPEST));
    }

    private static Placement placement(YamlNode node) {
        return Arrays.stream(Placement.values())
                .filter(placement -> placement.label().equals(node.text()))
                .findFirst()
                .orElseThrow(() -> node.error("must be cheapest, pack or spread, is '" + node.text() + "'"));
    }

    private static Objective objective(YamlNode node) {
        return Arrays.stream(Objective.values())
                .filter(objective -> objective.label().equals(node.text()))
                .findFirst()
                .orElseThrow(() -> node.error("must be own-latency or fleet-latency, is '" + node.text() + "'"));
    }

    private static Duration age(YamlNode node) {
        if (node.duration().isZero()) {
            throw node.error("must be more than 0");
        }
        return node.duration();
    }

    private static double number(Declaration plugin, String name, double max, double otherwise) {
        return plugin.parameter(name).map(node -> node.number(0, max)).orElse(otherwise);
    }

    private static PolicyConfig.Kind kind(YamlNode node) {
        return Arrays.stream(PolicyConfig.Kind.values())
                .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(node.text()))
                .findFirst()
                .orElseThrow(() -> node.error("must be learned, lmetric or heuristic, is '" + node.text() + "'"));
    }
}
