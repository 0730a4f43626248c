package dev.presage.testbed.docs;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A document with every field, and what its reader asks for and takes as it reads it. Fields are named as errors name them. */
final class FieldDocument {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern QUANTITY = Pattern.compile("(\\d+)([a-zA-Z]+)");

    /** Reads a text; what it returns is equal for documents that say the same. */
    interface Reader {
        Object read(String text, YamlWatch watch);
    }

    private final Reader reader;
    private final JsonNode root;
    private final Object meaning;
    private final Map<String, Set<String>> forms = new LinkedHashMap<>();

    private FieldDocument(JsonNode root, Reader reader) {
        this.root = root;
        this.reader = reader;
        meaning = reader.read(root.toString(), (path, form) -> forms.computeIfAbsent(path, key -> new LinkedHashSet<>())
                .add(form));
        forms.values().forEach(said -> said.remove(""));
    }

    /** The documents of a file. */
    static List<FieldDocument> all(Path file, Reader reader) throws IOException {
        List<FieldDocument> documents = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(file))) {
            documents.add(new FieldDocument(JSON.valueToTree(document), reader));
        }
        return documents;
    }

    /** What may be given for each field that was asked for, in the order of reading. */
    Map<String, Set<String>> forms() {
        return forms;
    }

    boolean has(String path) {
        return !at(root, path).isMissingNode();
    }

    /** Whether that may be given for a field. */
    boolean takes(String path, String form) {
        return forms.getOrDefault(path, Set.of()).contains(form);
    }

    /** The type of the plugin that a path begins at: {@code plugins[3]...}. */
    String pluginType(String path) {
        return at(root, path.substring(0, path.indexOf(']') + 1) + ".type").asText();
    }

    /** The value here, where leaving it out says the same and another one does not. */
    Optional<String> otherwise(String path) {
        JsonNode value = at(root, path);
        if (!value.isValueNode() || value.isNull() || path.endsWith("]")) {
            return Optional.empty();
        }
        return meaning(without(path)).equals(Optional.of(meaning))
                        && !meaning(with(path, another(path, value))).equals(Optional.of(meaning))
                ? Optional.of(value.asText())
                : Optional.empty();
    }

    private Optional<Object> meaning(String text) {
        try {
            return Optional.of(reader.read(text, YamlWatch.NONE));
        } catch (InvalidDocumentException refused) {
            return Optional.empty();
        }
    }

    private JsonNode another(String path, JsonNode value) {
        Optional<String> words = forms.getOrDefault(path, Set.of()).stream()
                .filter(form -> form.startsWith("one of "))
                .findFirst();
        Object other = value.isBoolean()
                ? !value.asBoolean()
                : value.isNumber()
                        ? value.asDouble() + 1
                        : words.map(form -> List.of(form.substring("one of ".length())
                                                .split(", "))
                                        .stream()
                                        .filter(word -> !word.equals(value.asText()))
                                        .findFirst()
                                        .orElseThrow())
                                .orElseGet(() -> other(value.asText()));
        return JSON.valueToTree(other instanceof Double number && value.isInt() ? (Object) number.longValue() : other);
    }

    /** Another duration or size, or another word. */
    private static String other(String text) {
        Matcher quantity = QUANTITY.matcher(text);
        return quantity.matches() ? Long.parseLong(quantity.group(1)) + 1 + quantity.group(2) : text + "x";
    }

    /** The text with another value. */
    String with(String path, JsonNode value) {
        JsonNode copy = root.deepCopy();
        JsonNode parent = copy.at(pointer(path).head());
        String last = pointer(path).last().getMatchingProperty();
        if (parent instanceof ArrayNode list) {
            list.set(Integer.parseInt(last), value);
        } else {
            ((ObjectNode) parent).set(last, value);
        }
        return copy.toString();
    }

    private String without(String path) {
        JsonNode copy = root.deepCopy();
        ((ObjectNode) copy.at(pointer(path).head())).remove(pointer(path).last().getMatchingProperty());
        return copy.toString();
    }

    private static JsonNode at(JsonNode from, String path) {
        return from.at(pointer(path));
    }

    private static JsonPointer pointer(String path) {
        return JsonPointer.compile("/" + path.replace("[", "/").replace("]", "").replace('.', '/'));
    }
}
