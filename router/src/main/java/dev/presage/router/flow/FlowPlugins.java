package dev.presage.router.flow;

import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.PluginType;
import dev.presage.router.yaml.YamlNode;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The flow control policies that a configuration may name. */
public final class FlowPlugins {
    private static final double MAX_WEIGHT = 1e9;
    private static final int MAX_SECONDS = 86_400;

    private FlowPlugins() {}

    public static Stream<PluginType> types() {
        return Stream.of(
                PluginType.of("global-strict-fairness-policy", given -> Fairness.STRICT),
                PluginType.of("round-robin-fairness-policy", given -> new Fairness.RoundRobin()),
                PluginType.of("program-aware-fairness", FlowPlugins::attainedService),
                PluginType.of("weighted-deficit-fairness-policy", FlowPlugins::weightedDeficit),
                PluginType.of("fcfs-ordering-policy", given -> Ordering.FCFS),
                PluginType.of("edf-ordering-policy", given -> Ordering.EDF),
                PluginType.of("slo-deadline-ordering-policy", given -> Ordering.SLO_DEADLINE),
                PluginType.of("predicted-finish-ordering-policy", given -> Ordering.PREDICTED_FINISH),
                PluginType.of("warm-first-ordering-policy", given -> Ordering.WARM_FIRST),
                PluginType.of(
                        "static-usage-limit-policy",
                        given -> new Ceilings.Same(given.number("threshold", 1e-6, 1e6, 1))),
                PluginType.alpha("priority-holdback-policy", FlowPlugins::holdback),
                PluginType.alpha("soft-reflective-ceiling-policy", given -> {
                    given.warn("has no effect: every priority may fill endpoints");
                    given.taken("*");
                    return Ceilings.NONE;
                }));
    }

    private static Fairness attainedService(Parameters given) {
        given.choice("strategy", "las", "las");
        given.taken("evictionTtlSeconds", "evictionSweepSeconds");
        return new Fairness.AttainedService(
                given.number("lasWeightService", 0, 1e6, 0.8),
                given.number("lasWeightHeadWait", 0, 1e6, 0.2),
                1_000 * given.number("lasHalfLifeSeconds", 1e-3, MAX_SECONDS, 60));
    }

    private static Fairness weightedDeficit(Parameters given) {
        Map<String, Double> weights = new HashMap<>();
        given.optional("weights")
                .map(node -> node.mapping().rest())
                .orElse(Map.of())
                .forEach((flow, weight) -> weights.put(flow, weight(weight)));
        return new Fairness.WeightedDeficit(weights, given.number("defaultWeight", 1e-6, MAX_WEIGHT, 1));
    }

    private static double weight(YamlNode node) {
        return node.number(1e-6, MAX_WEIGHT);
    }

    private static Ceilings holdback(Parameters given) {
        if (!given.text("shape", "linear").equals("linear")) {
            given.warn("takes its shape for linear");
        }
        boolean byValue = given.choice("domain", "rank", "rank", "value").equals("value");
        double most = given.number("maxCeiling", 1e-6, 1e6, 1);
        double least = given.number("minCeiling", 1e-6, 1e6, Double.NaN);
        if (!(least <= most)) {
            throw given.error("needs a minCeiling of at most its maxCeiling " + most);
        }
        return new Ceilings.Holdback(byValue, least, most);
    }
}
