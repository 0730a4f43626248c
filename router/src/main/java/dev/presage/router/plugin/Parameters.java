package dev.presage.router.plugin;

import dev.presage.router.yaml.Durations;
import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The parameters of one declared plugin. A factory takes each by name, with its bounds and default; errors name line and field.
 * Used once, by the thread that reads the configuration.
 */
public final class Parameters {
    private static final String ANY = "*";

    private final String type;
    private final YamlNode declaration;
    private final Map<String, YamlNode> left;
    private final Consumer<String> warnings;
    private final BiFunction<YamlNode, Class<? extends Plugin>, Plugin> references;
    private final Consumer<Parameter> asked;
    /** Whether a required parameter may be absent, because only names are asked for. */
    private final boolean listing;

    /**
     * Parameters of a plugin.
     *
     * @param references finds the plugin that a node names, of the kind asked for
     */
    public Parameters(
            String type,
            YamlNode declaration,
            Map<String, YamlNode> given,
            Consumer<String> warnings,
            BiFunction<YamlNode, Class<? extends Plugin>, Plugin> references) {
        this(type, declaration, given, warnings, references, parameter -> {}, false);
    }

    private Parameters(
            String type,
            YamlNode declaration,
            Map<String, YamlNode> given,
            Consumer<String> warnings,
            BiFunction<YamlNode, Class<? extends Plugin>, Plugin> references,
            Consumer<Parameter> asked,
            boolean listing) {
        this.listing = listing;
        this.asked = asked;
        this.type = type;
        this.declaration = declaration;
        this.left = new LinkedHashMap<>(given);
        this.warnings = warnings;
        this.references = references;
    }

    /** What a type takes, in the order in which it asks. */
    public static List<Parameter> of(PluginType type) {
        Map<String, Parameter> all = new LinkedHashMap<>();
        YamlNode declaration = YamlNode.parse(type.name(), type.name());
        Parameters nothing = new Parameters(
                type.name(),
                declaration,
                Map.of(),
                warning -> {},
                (node, kind) -> {
                    throw new IllegalStateException("nothing is declared");
                },
                parameter -> all.putIfAbsent(parameter.name(), parameter),
                true);
        try {
            Plugin _ = type.factory().apply(nothing);
        } catch (InvalidDocumentException needsMore) {
            // It has said what it needs.
        }
        return List.copyOf(all.values());
    }

    /** Takes one that may be absent or null. */
    public Optional<YamlNode> optional(String name) {
        return optional(name, "", "");
    }

    private Optional<YamlNode> optional(String name, String form, Object otherwise) {
        asked.accept(new Parameter(name, form, String.valueOf(otherwise)));
        return Optional.ofNullable(left.remove(name)).filter(node -> !node.isNull());
    }

    public double number(String name, double min, double max, double otherwise) {
        String form = "number, " + YamlNode.bounds(min, max);
        return (Double.isNaN(otherwise)
                        ? optional(name, form + ", required", "")
                        : optional(name, form, YamlNode.brief(otherwise)))
                .map(node -> node.number(min, max))
                .orElse(otherwise);
    }

    public int integer(String name, int min, int max, int otherwise) {
        return optional(name, "integer, " + min + " to " + max, otherwise)
                .map(node -> (int) node.integer(min, max))
                .orElse(otherwise);
    }

    public boolean flag(String name, boolean otherwise) {
        return optional(name, "true or false", otherwise).map(YamlNode::bool).orElse(otherwise);
    }

    public String text(String name, String otherwise) {
        return optional(name, "text", otherwise).map(YamlNode::text).orElse(otherwise);
    }

    public String required(String name) {
        return optional(name, "text, required", "")
                .map(YamlNode::text)
                .filter(text -> !text.isBlank())
                .or(() -> listing ? Optional.of(name) : Optional.empty())
                .orElseThrow(() -> declaration.error(type + " needs the parameter " + name));
    }

    /** More than nothing. */
    public Duration duration(String name, Duration otherwise) {
        return optional(name, "duration, more than 0", Durations.text(otherwise))
                .map(node -> {
                    node.must(!node.duration().isZero(), "be more than 0");
                    return node.duration();
                })
                .orElse(otherwise);
    }

    /** One of a few words. */
    public String choice(String name, String otherwise, String... words) {
        return optional(name, "one of " + String.join(", ", words), otherwise)
                .map(node -> node.choice(words))
                .orElse(otherwise);
    }

    public List<String> texts(String name) {
        return optional(name, "list of texts", "").map(YamlNode::items).orElse(List.of()).stream()
                .map(YamlNode::scalarText)
                .toList();
    }

    /** The plugin that a parameter names. */
    public <T extends Plugin> Optional<T> plugin(String name, Class<T> kind) {
        return optional(name, "name of a plugin", "").map(node -> plugin(node, kind));
    }

    /** The plugin that a node within a parameter names. */
    public <T extends Plugin> T plugin(YamlNode reference, Class<T> kind) {
        return kind.cast(references.apply(reference, kind));
    }

    /** Names of producers: there is one producer of each kind here, whatever it is called. */
    public Parameters producers(String... names) {
        for (String name : names) {
            optional(name, "name of a producer; there is one of each kind", "").ifPresent(YamlNode::text);
        }
        return this;
    }

    /** Whether one is given that nobody looks at. */
    public boolean mentions(String name) {
        return optional(name, "anything: not looked at", "").isPresent();
    }

    /** Takes these, which others read. */
    void left(String... names) {
        for (String name : names) {
            asked.accept(new Parameter(name, "", ""));
            left.remove(name);
        }
    }

    /** Takes these without a word; {@code *} stands for all. */
    public void taken(String... names) {
        for (String name : names) {
            asked.accept(new Parameter(name, "anything: not looked at", ""));
        }
        if (Arrays.asList(names).contains(ANY)) {
            left.clear();
        }
        left.keySet().removeAll(Arrays.asList(names));
    }

    /** Tells the operator what becomes of the plugin: the sentence's subject is the plugin. */
    public void warn(String what) {
        warnings.accept("plugin " + type + " " + what);
    }

    /** An error about the whole plugin. */
    public InvalidDocumentException error(String message) {
        return declaration.error(type + " " + message);
    }

    /** Everything must have been taken by now. */
    public void finish() {
        left.values().stream().findFirst().ifPresent(node -> {
            throw node.error("is not a parameter of " + type);
        });
    }
}
