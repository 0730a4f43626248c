package dev.presage.testbed.lab;

import dev.presage.router.config.RouterConfig;
import dev.presage.router.pick.Policy;
import dev.presage.router.pick.Scheduler;
import dev.presage.testbed.engine.SimRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prompts are computed by the prefill replicas and answered by the decode ones, as production's profile handler splits them.
 *
 * @param picks the policy of both profiles, as the configuration names it
 */
record SplitPolicy(String name, String picks) implements LabPolicy {
    private static final String CONFIG = """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - {type: presage-policy, parameters: {policy: %s}}
            - {type: disagg-profile-handler}
            - {type: prefill-filter}
            - {type: decode-filter}
            schedulingProfiles:
            - {name: prefill, plugins: [{pluginRef: prefill-filter}]}
            - {name: decode, plugins: [{pluginRef: decode-filter}]}
            """;

    @Override
    public boolean learns() {
        return picks.equals("learned");
    }

    @Override
    public Scheduler ladder() {
        return RouterConfig.parse(name, CONFIG.formatted(picks), true)
                .scheduling()
                .scheduler();
    }

    @Override
    public @Nullable Policy forced(List<Replica> replicas, SimRequest request, double nowMs) {
        return null;
    }
}
