package dev.presage.router.config;

import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Picker;
import dev.presage.router.plugin.Plugin;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.plugin.Scorer;
import dev.presage.router.plugin.picker.Pickers;
import dev.presage.router.plugin.profile.Profile;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads scheduling profiles. A plugin fills as many places of a profile as it can; one that can fill none may be listed. */
record ProfileReader(Plugins plugins) {
    private static final double MAX_WEIGHT = 1e6;
    private static final double WEIGHT = 1;

    /** The profiles by name; without any, one of all scheduling plugins that are declared. */
    Map<String, Profile> read(Optional<YamlNode> list) {
        Map<String, Profile> profiles = new LinkedHashMap<>();
        for (YamlNode item : list.map(YamlNode::items).orElse(List.of())) {
            Profile profile = profile(item);
            if (profiles.put(profile.name(), profile) != null) {
                throw item.error("repeats the profile name '" + profile.name() + "'");
            }
        }
        if (profiles.isEmpty()) {
            Builder all = new Builder();
            plugins.all().stream()
                    .filter(plugin -> !(plugin instanceof SaturationDetector))
                    .forEach(plugin -> all.add(plugin, WEIGHT, null));
            profiles.put(Profile.DEFAULT.name(), all.profile(Profile.DEFAULT.name()));
        }
        return profiles;
    }

    private Profile profile(YamlNode node) {
        YamlMapping fields = node.mapping();
        String name = fields.required("name").text();
        Builder builder = new Builder();
        for (YamlNode item : fields.optional("plugins").map(YamlNode::items).orElse(List.of())) {
            YamlMapping entry = item.mapping();
            YamlNode reference = entry.required("pluginRef");
            double weight = entry.optional("weight")
                    .map(value -> value.number(0, MAX_WEIGHT))
                    .orElse(WEIGHT);
            entry.finish();
            builder.add(plugins.referred(reference), weight, reference);
        }
        fields.finish();
        return builder.profile(name);
    }

    private static final class Builder {
        private final List<Filter> filters = new ArrayList<>();
        private final List<Profile.Weighted> scorers = new ArrayList<>();
        private @Nullable Picker picker;

        void add(Plugin plugin, double weight, @Nullable YamlNode reference) {
            if (plugin instanceof Filter filter) {
                filters.add(filter);
            }
            if (plugin instanceof Scorer scorer) {
                scorers.add(new Profile.Weighted(scorer, weight));
            }
            if (plugin instanceof Picker given) {
                if (picker != null && reference != null) {
                    throw reference.error("is the second picker of its profile, there may be one");
                }
                picker = given;
            }
        }

        Profile profile(String name) {
            return new Profile(name, filters, scorers, picker == null ? Pickers.HIGHEST : picker);
        }
    }
}
