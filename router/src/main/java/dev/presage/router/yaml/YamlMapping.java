package dev.presage.router.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The fields of one mapping. Fields are taken by name; {@link #finish} refuses what nobody took. Not thread-safe. */
public final class YamlMapping {
    private final YamlNode self;
    private final Map<String, YamlNode> fields;

    private final YamlWatch watch;

    private YamlMapping(YamlNode self, Map<String, YamlNode> fields, YamlWatch watch) {
        this.self = self;
        this.fields = fields;
        this.watch = watch;
    }

    static YamlMapping of(YamlNode self, YamlNode.Document document, MappingNode mapping) {
        Map<String, YamlNode> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw self.error("has a key that is not a scalar");
            }
            String name = key.getValue();
            String path = path(self, name);
            if (fields.put(name, new YamlNode(document, path, tuple.getValueNode())) != null) {
                throw new YamlNode(document, path, key).error("is given twice");
            }
        }
        return new YamlMapping(self, fields, document.watch());
    }

    private static String path(YamlNode self, String field) {
        return self.path().isEmpty() ? field : self.path() + "." + field;
    }

    /** Takes a field that may be absent or null. */
    public Optional<YamlNode> optional(String name) {
        watch.read(path(self, name), "");
        return Optional.ofNullable(fields.remove(name)).filter(field -> !field.isNull());
    }

    /** Takes a field that must be there. */
    public YamlNode required(String name) {
        watch.read(path(self, name), "required");
        return optional(name).orElseThrow(() -> self.error("needs the field " + name));
    }

    /** Takes all fields that are left, in document order. */
    public Map<String, YamlNode> rest() {
        Map<String, YamlNode> rest = new LinkedHashMap<>(fields);
        if (!rest.isEmpty()) {
            self.takes(YamlWatch.ANY_NAME);
        }
        fields.clear();
        return rest;
    }

    /** Every field must have been taken by now. */
    public void finish() {
        fields.values().stream().findFirst().ifPresent(field -> {
            throw field.error("is not a known field");
        });
    }
}
