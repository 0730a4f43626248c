package dev.presage.testbed.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Documents of a manifest as maps and lists. */
final class Yaml {
    private Yaml() {}

    static List<Map<?, ?>> documents(String text) {
        List<Map<?, ?>> documents = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
            if (document instanceof Map<?, ?> map) {
                documents.add(map);
            }
        }
        return documents;
    }

    static List<String> list(@Nullable Object node) {
        return ((List<?>) Objects.requireNonNull(node))
                .stream().map(String::valueOf).toList();
    }

    /** The mappings of a list; none where there is no list. */
    static List<Map<?, ?>> maps(@Nullable Object node) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (node instanceof List<?> list) {
            list.forEach(item -> maps.add((Map<?, ?>) item));
        }
        return maps;
    }

    /** The node below {@code keys}, null where one is missing. */
    static @Nullable Object at(Map<?, ?> from, String... keys) {
        Object node = from;
        for (String key : keys) {
            node = node instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return node;
    }

    /** The same as text, empty where one is missing. */
    static String text(Map<?, ?> from, String... keys) {
        Object node = at(from, keys);
        return node == null ? "" : node.toString();
    }
}
