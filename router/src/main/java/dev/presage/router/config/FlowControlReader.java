package dev.presage.router.config;

import dev.presage.router.plugin.Plugin;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.List;
import java.util.Optional;

/** Checks the section {@code flowControl}. Only its saturation detector is in force. */
record FlowControlReader(Plugins plugins, List<String> warnings) {
    Optional<SaturationDetector> read(YamlNode node) {
        YamlMapping fields = node.mapping();
        limits(fields);
        fields.optional("defaultRequestTTL").ifPresent(YamlNode::duration);
        fields.optional("noEndpointRequestTTL").ifPresent(YamlNode::duration);
        fields.optional("defaultPriorityBand").ifPresent(this::band);
        fields.optional("defaultNegativePriorityBand").ifPresent(this::band);
        fields.optional("priorityBands").map(YamlNode::items).orElse(List.of()).forEach(this::band);
        policy(fields, "usageLimitPolicyPluginRef");
        fields.optional("enableEviction").ifPresent(YamlNode::bool);
        Optional<SaturationDetector> detector =
                fields.optional("saturationDetector").map(this::detector);
        fields.finish();
        warnings.add("flowControl is checked, but queues and limits are not in force; its saturation detector is");
        return detector;
    }

    private void band(YamlNode node) {
        YamlMapping fields = node.mapping();
        fields.optional("priority").ifPresent(value -> value.integer(Integer.MIN_VALUE, Integer.MAX_VALUE));
        limits(fields);
        policy(fields, "fairnessPolicyRef");
        policy(fields, "orderingPolicyRef");
        fields.finish();
    }

    private static void limits(YamlMapping fields) {
        fields.optional("maxBytes").ifPresent(FlowControlReader::bytes);
        fields.optional("maxRequests").ifPresent(FlowControlReader::bytes);
    }

    /** A count or a Kubernetes quantity. */
    private static void bytes(YamlNode node) {
        String text = node.scalarText();
        if (!text.matches("\\d{1,15}(\\.\\d{1,9})?([kMGT]i?)?B?") && !text.matches("\\d{1,15}[eE]\\d{1,2}")) {
            throw node.error("must be a count or a size such as 10Mi, is '" + text + "'");
        }
    }

    private void policy(YamlMapping fields, String name) {
        fields.optional(name).ifPresent(reference -> plugins.referred(reference, Plugin.class));
    }

    /** A mapping with a reference to a detector. */
    SaturationDetector detector(YamlNode node) {
        YamlMapping fields = node.mapping();
        SaturationDetector detector = plugins.referred(fields.required("pluginRef"), SaturationDetector.class);
        fields.finish();
        return detector;
    }
}
