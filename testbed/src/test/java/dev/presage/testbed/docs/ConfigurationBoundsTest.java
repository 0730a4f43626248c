package dev.presage.testbed.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.presage.router.config.RouterConfig;
import dev.presage.router.plugin.Parameter;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.PluginType;
import dev.presage.router.slo.SloReading;
import dev.presage.router.yaml.InvalidDocumentException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every bound that {@code deploy/configuration.md} states is the one that is kept: what is beyond is refused, with field and bound. */
class ConfigurationBoundsTest {
    private static final Pattern RANGE = Pattern.compile("(number|integer), (\\S+) to (\\S+?)(, required)?");
    private static final Pattern WITHIN = Pattern.compile("within (\\d+)(\\D+)\\.\\.(\\d+)(\\D+)");
    private static final Pattern AT_MOST = Pattern.compile("at most (\\d+)([a-z]+)");
    private static final Pattern CHARACTERS = Pattern.compile("1 to (\\d+) characters");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private int checked;

    @Test
    void ofTheConfigurationFile() throws Exception {
        for (FieldDocument document : KnownFields.configurations()) {
            checkAll(document, text -> RouterConfig.parse("configuration", text, true));
        }
        assertTrue(checked > 40, "bounds: " + checked);
    }

    @Test
    void ofLatencyTargets() throws Exception {
        for (FieldDocument document : KnownFields.slos()) {
            checkAll(document, text -> {
                List<String> problems = SloReading.of("slo", text).problems();
                if (!problems.isEmpty()) {
                    throw new InvalidDocumentException(String.join("\n", problems));
                }
            });
        }
        assertTrue(checked >= 14, "bounds: " + checked);
    }

    @Test
    void ofPlugins() {
        for (PluginType type : RouterConfig.knownPluginTypes()) {
            for (Parameter parameter : Parameters.of(type)) {
                Matcher range = RANGE.matcher(parameter.form());
                if (range.matches()) {
                    for (JsonNode beyond : beyond(range)) {
                        String text = """
                            {apiVersion: llm-d.ai/v1alpha1, kind: EndpointPickerConfig,
                             plugins: [{type: %s, parameters: {%s: %s}}]}
                            """.formatted(type.name(), parameter.name(), beyond);
                        refused(
                                text,
                                "plugins[0].parameters." + parameter.name(),
                                "within",
                                bad -> RouterConfig.parse("configuration", bad, true));
                    }
                }
            }
        }
        assertTrue(checked > 100, "bounds: " + checked);
    }

    /** A bound that the page states and {@link PromotionFields} cannot check ends that with an error. */
    @Test
    void ofPromotionPolicies() throws Exception {
        assertEquals(9, new PromotionFields(directory).checkedBounds());
    }

    private void checkAll(FieldDocument document, Consumer<String> reader) {
        document.forms().forEach((path, forms) -> {
            for (String form : forms) {
                for (JsonNode beyond : beyond(form)) {
                    refused(document.with(path, beyond), path, duty(form), reader);
                }
                for (JsonNode bound : bounds(form)) {
                    notBeyond(document.with(path, bound), path, duty(form), reader);
                }
            }
        });
    }

    private void refused(String text, String path, String duty, Consumer<String> reader) {
        String message = assertThrows(InvalidDocumentException.class, () -> reader.accept(text), path)
                .getMessage();
        assertTrue(message.contains(path + " must") && message.contains(duty), path + ", " + duty + ": " + message);
        checked++;
    }

    private static void notBeyond(String text, String path, String duty, Consumer<String> reader) {
        try {
            reader.accept(text);
        } catch (InvalidDocumentException otherwise) {
            assertFalse(
                    otherwise.getMessage().contains(path + " must")
                            && otherwise.getMessage().contains(duty),
                    otherwise.getMessage());
        }
    }

    private static String duty(String form) {
        if (CHARACTERS.matcher(form).matches()) {
            return "characters";
        }
        return RANGE.matcher(form).matches() ? "within" : form;
    }

    private static List<JsonNode> beyond(String form) {
        List<JsonNode> beyond = new ArrayList<>();
        match(RANGE, form, range -> beyond.addAll(beyond(range)));
        match(WITHIN, form, range -> {
            beyond.add(new TextNode(Long.parseLong(range.group(1)) - 1 + range.group(2)));
            beyond.add(new TextNode(Long.parseLong(range.group(3)) + 1 + range.group(4)));
        });
        match(AT_MOST, form, most -> beyond.add(new TextNode(Long.parseLong(most.group(1)) + 1 + most.group(2))));
        match(
                CHARACTERS,
                form,
                most -> beyond.addAll(
                        List.of(new TextNode(" "), new TextNode("x".repeat(Integer.parseInt(most.group(1)) + 1)))));
        return beyond;
    }

    private static List<JsonNode> beyond(Matcher range) {
        if (range.group(1).equals("integer")) {
            return List.of(
                    new LongNode(Long.parseLong(range.group(2)) - 1), new LongNode(Long.parseLong(range.group(3)) + 1));
        }
        double least = Double.parseDouble(range.group(2));
        double most = Double.parseDouble(range.group(3));
        return List.of(new DoubleNode(least - nearly(least)), new DoubleNode(most + nearly(most)));
    }

    private static double nearly(double bound) {
        return bound == 0 ? 1e-9 : Math.abs(bound) * 1e-6;
    }

    /** The bounds themselves. */
    private static List<JsonNode> bounds(String form) {
        List<JsonNode> bounds = new ArrayList<>();
        match(RANGE, form, range -> {
            for (String bound : List.of(range.group(2), range.group(3))) {
                bounds.add(
                        range.group(1).equals("integer")
                                ? new LongNode(Long.parseLong(bound))
                                : new DoubleNode(Double.parseDouble(bound)));
            }
        });
        match(WITHIN, form, range -> {
            bounds.add(new TextNode(range.group(1) + range.group(2)));
            bounds.add(new TextNode(range.group(3) + range.group(4)));
        });
        match(AT_MOST, form, most -> bounds.add(new TextNode(most.group(1) + most.group(2))));
        match(CHARACTERS, form, most -> bounds.add(new TextNode("x".repeat(Integer.parseInt(most.group(1))))));
        return bounds;
    }

    private static void match(Pattern pattern, String form, Consumer<Matcher> then) {
        Matcher found = pattern.matcher(form);
        if (found.matches()) {
            then.accept(found);
        }
    }
}
