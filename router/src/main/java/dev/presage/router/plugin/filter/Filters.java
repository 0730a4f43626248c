package dev.presage.router.plugin.filter;

import dev.presage.router.plugin.PluginType;
import java.util.stream.Stream;

/** The filter types that a configuration may name. */
public final class Filters {
    private Filters() {}

    public static Stream<PluginType> types() {
        return Stream.of(
                PluginType.of("decode-filter", given -> RoleFilter.DECODE),
                PluginType.of("prefill-filter", given -> RoleFilter.PREFILL),
                PluginType.of("encode-filter", given -> RoleFilter.ENCODE),
                PluginType.of("label-selector-filter", LabelFilter::read),
                PluginType.of("by-label-selector", LabelFilter::read),
                PluginType.of("by-label", LabelFilter::readValues),
                PluginType.of("prefix-cache-affinity-filter", PrefixAffinityFilter::read),
                PluginType.of("slo-headroom-tier-filter", SloTierFilter::read),
                PluginType.of("header-based-testing-filter", given -> new TestingFilter()),
                PluginType.alpha("utilization-filter", UtilizationFilter::read),
                unsupported("endpoint-attribute-filter"),
                unsupported("topology-affinity-filter"),
                unsupported("multicluster-session-affinity-filter"));
    }

    private static PluginType unsupported(String name) {
        return PluginType.mapped(name, "leaves all endpoints: it is experimental and not supported", "*")
                .experimental();
    }
}
