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

    private YamlMapping(YamlNode self, Map<String, YamlNode> fields) {
        this.self = self;
        this.fields = fields;
    }

    static YamlMapping of(YamlNode self, String document, MappingNode mapping) {
        Map<String, YamlNode> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw self.error("has a key that is not a scalar");
            }
            String name = key.getValue();
            String path = self.path().isEmpty() ? name : self.path() + "." + name;
            if (fields.put(name, new YamlNode(document, path, tuple.getValueNode())) != null) {
                throw new YamlNode(document, path, key).error("is given twice");
            }
        }
        return new YamlMapping(self, fields);
    }

    /** Takes a field that may be absent or null. */
    public Optional<YamlNode> optional(String name) {
        return Optional.ofNullable(fields.remove(name)).filter(field -> !field.isNull());
    }

    /** Takes a field that must be there. */
    public YamlNode required(String name) {
        return optional(name).orElseThrow(() -> self.error("needs the field " + name));
    }

    /** Takes all fields that are left, in document order. */
    public Map<String, YamlNode> rest() {
        Map<String, YamlNode> rest = new LinkedHashMap<>(fields);
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
