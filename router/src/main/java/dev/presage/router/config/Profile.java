package dev.presage.router.config;

import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One scheduling profile: the plugins that it refers to, each with its weight. */
record Profile(String name, List<Entry> entries) {
    private static final double MAX_WEIGHT = 1e6;

    record Entry(Plugin plugin, double weight) {}

    static Profile read(YamlNode node, Map<String, Plugin> plugins) {
        YamlMapping fields = node.mapping();
        String name = fields.required("name").text();
        List<Entry> entries = new ArrayList<>();
        for (YamlNode item : fields.optional("plugins").map(YamlNode::items).orElse(List.of())) {
            YamlMapping entry = item.mapping();
            Plugin plugin = referred(entry.required("pluginRef"), plugins);
            double weight = entry.optional("weight")
                    .map(value -> value.number(0, MAX_WEIGHT))
                    .orElse(1.0);
            entry.finish();
            entries.add(new Entry(plugin, weight));
        }
        fields.finish();
        return new Profile(name, List.copyOf(entries));
    }

    /** The plugin that a reference names. */
    static Plugin referred(YamlNode reference, Map<String, Plugin> plugins) {
        Plugin plugin = plugins.get(reference.text());
        if (plugin == null) {
            throw reference.error("refers to '" + reference.text() + "', which is not among the plugins");
        }
        return plugin;
    }

    /** Sum of the weights of one scorer type in this profile. */
    double weight(String type) {
        return entries.stream()
                .filter(entry -> entry.plugin().is(type))
                .mapToDouble(Entry::weight)
                .sum();
    }

    boolean has(String type) {
        return entries.stream().anyMatch(entry -> entry.plugin().is(type));
    }
}
