package dev.presage.router.config;

import dev.presage.router.pick.Exploration;
import dev.presage.router.pick.HeuristicPolicy;
import dev.presage.router.yaml.YamlNode;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which policy a configuration asks for: what {@code presage-policy} says; else the learned one where the contract's predicted
 * latency is configured; else the weighted scorers of the profile; else the default.
 */
record PolicyReader(Collection<Plugin> plugins, List<String> warnings) {
    PolicyConfig read(List<Profile> profiles) {
        if (profiles.size() > 1) {
            warnings.add(
                    "only the first scheduling profile, " + profiles.getFirst().name() + ", is used");
        }
        Optional<HeuristicPolicy> weights = profiles.stream().findFirst().flatMap(PolicyReader::weights);
        PolicyConfig base = weights.map(PolicyConfig.DEFAULT::with).orElse(PolicyConfig.DEFAULT);
        Optional<Plugin> own =
                plugins.stream().filter(plugin -> plugin.is(PluginType.POLICY)).findFirst();
        if (own.isPresent()) {
            return own(base, own.get());
        }
        boolean predicted = plugins.stream()
                .anyMatch(plugin -> PluginType.PREDICTED.contains(plugin.type().name()));
        if (predicted || weights.isEmpty()) {
            return base;
        }
        warnings.add("the profile's weighted scorers decide; a plugin of type " + PluginType.POLICY
                + " lets the learned policy decide");
        return base.decidedBy(PolicyConfig.Kind.HEURISTIC);
    }

    private static Optional<HeuristicPolicy> weights(Profile profile) {
        boolean any = profile.has(PluginType.QUEUE) || profile.has(PluginType.KV) || profile.has(PluginType.PREFIX);
        return any
                ? Optional.of(new HeuristicPolicy(
                        profile.weight(PluginType.QUEUE),
                        profile.weight(PluginType.KV),
                        profile.weight(PluginType.PREFIX)))
                : Optional.empty();
    }

    private static PolicyConfig own(PolicyConfig base, Plugin plugin) {
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
                base.heuristic(),
                exploration,
                plugin.parameter("maxModelAge").map(YamlNode::duration).orElse(base.maxModelAge()));
    }

    private static double number(Plugin plugin, String name, double max, double otherwise) {
        return plugin.parameter(name).map(node -> node.number(0, max)).orElse(otherwise);
    }

    private static PolicyConfig.Kind kind(YamlNode node) {
        return Arrays.stream(PolicyConfig.Kind.values())
                .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(node.text()))
                .findFirst()
                .orElseThrow(() -> node.error("must be learned, lmetric or heuristic, is '" + node.text() + "'"));
    }
}
