package dev.presage.router.yaml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One value of a document, with its place in it. Every accessor throws {@link InvalidDocumentException} when the value is not
 * of the kind asked for. Not thread-safe.
 */
public final class YamlNode {
    /** Bound on a document, in characters; the contract's own bound on an endpoints file. */
    public static final int MAX_CHARACTERS = 1 << 20;

    private static final int MAX_ALIASES = 100;

    private final Document document;
    private final String path;
    private final Node node;

    /** The document that a node is of. */
    record Document(String name, YamlWatch watch) {}

    YamlNode(Document document, String path, Node node) {
        this.document = document;
        this.path = path;
        this.node = node;
    }

    /** Parses one document; {@code name} is how errors call it. */
    public static YamlNode parse(String name, String text) {
        return parse(name, text, YamlWatch.NONE);
    }

    /** The same; {@code watch} is told what is read. */
    public static YamlNode parse(String name, String text, YamlWatch watch) {
        if (text.length() > MAX_CHARACTERS) {
            throw new InvalidDocumentException(
                    name + " has " + text.length() + " characters, more than " + MAX_CHARACTERS);
        }
        try {
            Node root = new Compose(settings(name, MAX_CHARACTERS))
                    .composeString(text)
                    .orElseThrow(() -> new InvalidDocumentException(name + " is empty"));
            return new YamlNode(new Document(name, watch), "", root);
        } catch (YamlEngineException e) {
            throw new InvalidDocumentException(name + " is not YAML: " + oneLine(e), e);
        } catch (StackOverflowError e) {
            throw new InvalidDocumentException(name + " is nested too deeply", e);
        }
    }

    /**
     * Parses documents separated by {@code ---}, at most {@code maxCharacters} together; empty ones are left out.
     *
     * @param watch told what is read
     */
    public static List<YamlNode> parseAll(String name, String text, int maxCharacters, YamlWatch watch) {
        if (text.length() > maxCharacters) {
            throw new InvalidDocumentException(
                    name + " has " + text.length() + " characters, more than " + maxCharacters);
        }
        try {
            List<YamlNode> documents = new ArrayList<>();
            for (Node root : new Compose(settings(name, maxCharacters)).composeAllFromString(text)) {
                YamlNode document = new YamlNode(new Document(name, watch), "", root);
                if (!document.isNull()) {
                    documents.add(document);
                }
            }
            return documents;
        } catch (YamlEngineException e) {
            throw new InvalidDocumentException(name + " is not YAML: " + oneLine(e), e);
        } catch (StackOverflowError e) {
            throw new InvalidDocumentException(name + " is nested too deeply", e);
        }
    }

    private static LoadSettings settings(String name, int maxCharacters) {
        return LoadSettings.builder()
                .setLabel(name)
                .setCodePointLimit(maxCharacters)
                .setMaxAliasesForCollections(MAX_ALIASES)
                .build();
    }

    private static String oneLine(YamlEngineException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
    }

    /** The place of this value within its document, as in {@code plugins[2].type}; empty for the root. */
    public String path() {
        return path;
    }

    /** An error about this value. */
    public InvalidDocumentException error(String message) {
        String line =
                node.getStartMark().map(mark -> " line " + (mark.getLine() + 1)).orElse("");
        return new InvalidDocumentException(
                document.name() + line + ": " + (path.isEmpty() ? "" : path + " ") + message);
    }

    /** Tells the watch what this value may be. */
    public YamlNode takes(String form) {
        document.watch().read(path, form);
        return this;
    }

    /** Refuses this value unless {@code held}; {@code duty} ends the sentence "must ...", for the error and for the watch. */
    public void must(boolean held, String duty) {
        takes(duty.startsWith("be ") ? duty.substring(3) : duty);
        if (!held) {
            throw error("must " + duty + ", is '" + scalarText() + "'");
        }
    }

    public boolean isNull() {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    public boolean isMapping() {
        return node instanceof MappingNode;
    }

    public YamlMapping mapping() {
        if (node instanceof MappingNode mapping) {
            return YamlMapping.of(this, document, mapping);
        }
        throw error("must be a mapping");
    }

    /** The items of a sequence. */
    public List<YamlNode> items() {
        takes("list");
        if (!(node instanceof SequenceNode sequence)) {
            throw error("must be a list");
        }
        List<YamlNode> items = new ArrayList<>(sequence.getValue().size());
        for (Node item : sequence.getValue()) {
            items.add(new YamlNode(document, path + "[" + items.size() + "]", item));
        }
        return items;
    }

    /** A string; a number or boolean must be quoted to be one. */
    public String text() {
        return takes("text").scalar(Set.of(Tag.STR), "a string").getValue();
    }

    /** Any scalar as it was written. */
    public String scalarText() {
        return scalar(Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL), "a scalar").getValue();
    }

    public boolean bool() {
        return Boolean.parseBoolean(
                takes("true or false").scalar(Set.of(Tag.BOOL), "true or false").getValue());
    }

    /** One of a few words. */
    public String choice(String... words) {
        String text = scalar(Set.of(Tag.STR), "a string").getValue();
        must(List.of(words).contains(text), "be one of " + String.join(", ", words));
        return text;
    }

    /** One of a few values, by its label; the first of those that share one. */
    public <T> T choice(List<T> values, Function<T, String> label) {
        String text = choice(values.stream().map(label).distinct().toArray(String[]::new));
        return values.stream()
                .filter(value -> label.apply(value).equals(text))
                .findFirst()
                .orElseThrow();
    }

    /** A finite number within the bounds. */
    public double number(double min, double max) {
        takes("number, " + bounds(min, max));
        String text = scalar(Set.of(Tag.INT, Tag.FLOAT), "a number").getValue();
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw error("must be a decimal number, is " + text);
        }
        if (!(value >= min && value <= max)) {
            throw error("must be within " + min + ".." + max + ", is " + text);
        }
        return value;
    }

    /** A whole number within the bounds. */
    public long integer(long min, long max) {
        takes("integer, " + min + " to " + max);
        String text = scalar(Set.of(Tag.INT), "a whole number").getValue();
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw error("must be a decimal whole number, is " + text);
        }
        if (value < min || value > max) {
            throw error("must be within " + min + ".." + max + ", is " + text);
        }
        return value;
    }

    /** A duration as in {@code 50ms} or {@code 1m30s}. */
    public Duration duration() {
        takes("duration");
        String text = scalarText();
        return Durations.parse(text)
                .orElseThrow(() -> error("must be a duration such as 30s, 50ms or 1m30s, is '" + text + "'"));
    }

    /** A duration, or a whole number of nanoseconds as Go's JSON has it. */
    public Duration nanosOrDuration() {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)
                ? Duration.ofNanos(integer(0, Long.MAX_VALUE))
                : duration();
    }

    /** Bounds as the reference has them: {@code 0 to 0.5}. */
    public static String bounds(double min, double max) {
        return brief(min) + " to " + brief(max);
    }

    /** As short as it can be said. */
    public static String brief(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e12
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private ScalarNode scalar(Set<Tag> tags, String kind) {
        if (node instanceof ScalarNode scalar && tags.contains(scalar.getTag())) {
            return scalar;
        }
        throw error("must be " + kind);
    }
}
