package dev.presage.router.bbr;

import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.List;

/** Reads what a ConfigMap of body-based routing declares: the entries {@code baseModel} and {@code adapters}, a YAML list as text. */
final class AdapterLists {
    static final String BASE = "baseModel";
    static final String ADAPTERS = "adapters";

    private AdapterLists() {}

    /** The two entries as they are; errors call them by {@code document}. */
    static BaseModels.Declaration declaration(String document, String base, String adapters) {
        return new BaseModels.Declaration(base.strip(), names(document, adapters));
    }

    /** A manifest, or only what is under its {@code data}. */
    static BaseModels.Declaration manifest(YamlNode document) {
        YamlMapping root = document.mapping();
        YamlMapping data = root.optional("data").map(YamlNode::mapping).orElse(root);
        String base = data.required(BASE).text().strip();
        return new BaseModels.Declaration(
                base, data.optional(ADAPTERS).map(AdapterLists::names).orElse(List.of()));
    }

    /** A list, or, as in a ConfigMap's data, a text that is one. */
    private static List<String> names(YamlNode node) {
        try {
            return trimmed(node.items());
        } catch (InvalidDocumentException notAList) {
            return names(node.path(), node.text());
        }
    }

    private static List<String> names(String document, String text) {
        return text.isBlank()
                ? List.of()
                : trimmed(YamlNode.parse(document + " " + ADAPTERS, text).items());
    }

    private static List<String> trimmed(List<YamlNode> items) {
        return items.stream()
                .map(YamlNode::text)
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
