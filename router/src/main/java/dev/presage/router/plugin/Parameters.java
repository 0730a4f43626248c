package dev.presage.router.plugin;

import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
        this(type, declaration, given, warnings, references, parameter -> {});
    }

    private Parameters(
            String type,
            YamlNode declaration,
            Map<String, YamlNode> given,
            Consumer<String> warnings,
            BiFunction<YamlNode, Class<? extends Plugin>, Plugin> references,
            Consumer<Parameter> asked) {
        this.asked = asked;
        this.type = type;
        this.declaration = declaration;
        this.left = new LinkedHashMap<>(given);
        this.warnings = warnings;
        this.references = references;
    }

    /** What a type takes, in the order in which it asks. A required one ends the list. */
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
                parameter -> all.putIfAbsent(parameter.name(), parameter));
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
        return optional(name, "number, " + bounds(min, max), brief(otherwise))
                .map(node -> node.number(min, max))
                .orElse(otherwise);
    }

    public int integer(String name, int min, int max, int otherwise) {
        return optional(name, "integer, " + bounds(min, max), otherwise)
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
                .orElseThrow(() -> declaration.error(type + " needs the parameter " + name));
    }

    /** More than nothing. */
    public Duration duration(String name, Duration otherwise) {
        return optional(name, "duration, more than 0", brief(otherwise))
                .map(node -> {
                    if (node.duration().isZero()) {
                        throw node.error("must be more than 0");
                    }
                    return node.duration();
                })
                .orElse(otherwise);
    }

    private static String bounds(double min, double max) {
        return brief(min) + " to " + brief(max);
    }

    private static String brief(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e12
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String brief(Duration value) {
        return value.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    /** One of a few words. */
    public String choice(String name, String otherwise, String... words) {
        Optional<YamlNode> given = optional(name, String.join(", ", words), otherwise);
        given.ifPresent(node -> {
            if (!List.of(words).contains(node.text())) {
                throw node.error("must be one of " + String.join(", ", words) + ", is '" + node.text() + "'");
            }
        });
        return given.map(YamlNode::text).orElse(otherwise);
    }

    public List<String> texts(String name) {
        return optional(name, "list", "").map(YamlNode::items).orElse(List.of()).stream()
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

    /** Takes these without looking at them, and says so once per parameter that is given. */
    public void unused(String... names) {
        for (String name : names) {
            asked.accept(new Parameter(name, "without effect", ""));
            if (left.remove(name) != null) {
                warn("takes its parameter " + name + " without effect");
            }
        }
    }

    /** Takes these without a word; {@code *} stands for all. */
    public void taken(String... names) {
        for (String name : names) {
            asked.accept(new Parameter(name, "", ""));
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
