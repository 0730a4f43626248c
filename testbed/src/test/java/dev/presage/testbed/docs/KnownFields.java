package dev.presage.testbed.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.presage.router.config.RouterConfig;
import dev.presage.router.slo.SloReading;
import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlNode;
import dev.presage.router.yaml.YamlWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fields of all documents of one kind. Parameters of plugins are named {@code TYPE.parameter}, items of lists {@code list[]}. */
final class KnownFields {
    private static final Pattern PARAMETER = Pattern.compile("plugins\\[\\d+]\\.parameters\\.(.+)");
    private static final Path DOCUMENTS = Path.of("src/test/resources/docs");

    /** What is said of one field; a default is empty where there is none. */
    record Field(Set<String> forms, Set<String> defaults) {}

    private final Map<String, Field> fields = new LinkedHashMap<>();

    private KnownFields(List<FieldDocument> documents) {
        Set<String> has = new LinkedHashSet<>();
        for (FieldDocument document : documents) {
            document.forms().forEach((path, forms) -> {
                String name = name(document, path);
                Field field =
                        fields.computeIfAbsent(name, key -> new Field(new LinkedHashSet<>(), new LinkedHashSet<>()));
                field.forms().addAll(forms);
                document.otherwise(path).ifPresent(field.defaults()::add);
                if (document.has(path)) {
                    has.add(name);
                }
            });
        }
        Set<String> lacking = new LinkedHashSet<>(fields.keySet());
        lacking.removeAll(has);
        assertEquals(Set.of(), lacking, "the documents with every field lack some");
    }

    private static String name(FieldDocument document, String path) {
        Matcher parameter = PARAMETER.matcher(path);
        String name = parameter.matches() ? document.pluginType(path) + "." + parameter.group(1) : path;
        int last = path.lastIndexOf('.');
        boolean anyName = last > 0
                && !path.substring(0, last).endsWith(".parameters")
                && document.takes(path.substring(0, last), YamlWatch.ANY_NAME);
        return (anyName ? name.substring(0, name.lastIndexOf('.')) + ".*" : name).replaceAll("\\[\\d+]", "[]");
    }

    static List<FieldDocument> configurations() throws IOException {
        return FieldDocument.all(DOCUMENTS.resolve("every-field.yaml"), KnownFields::configuration);
    }

    static List<FieldDocument> slos() throws IOException {
        return FieldDocument.all(DOCUMENTS.resolve("every-slo-field.yaml"), KnownFields::slos);
    }

    static KnownFields of(List<FieldDocument> documents) {
        return new KnownFields(documents);
    }

    /** Those that can be given, without the mappings and lists around them. */
    Map<String, Field> given() {
        Map<String, Field> given = new LinkedHashMap<>();
        fields.forEach((name, field) -> {
            boolean around = fields.keySet().stream()
                    .anyMatch(other -> other.startsWith(name + ".") || other.startsWith(name + "["));
            if (!around) {
                given.put(name, field);
            }
        });
        assertFalse(given.isEmpty());
        return given;
    }

    private static Object configuration(String text, YamlWatch watch) {
        RouterConfig config = RouterConfig.of(YamlNode.parse("configuration", text, watch), true);
        return List.of(
                config.endpointsFile(),
                config.scrape(),
                config.scheduling(),
                config.parsers(),
                config.media(),
                config.gates(),
                config.flow(),
                Set.copyOf(new ArrayList<>(config.pluginTypes().keySet())),
                config.warnings());
    }

    private static Object slos(String text, YamlWatch watch) {
        SloReading reading = SloReading.of("slo", text, watch);
        if (!reading.problems().isEmpty()) {
            throw new InvalidDocumentException(reading.problems().getFirst());
        }
        return reading.slos();
    }
}
