package dev.presage.router.plugin.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.observe.Usage;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Reply;
import dev.presage.router.plugin.ReplyPlugin.Attribute;
import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportsTest {
    @Test
    void aNumberIsComputedFromWhatTheEngineCounted() {
        AttributeReporter reporter = read("""
                - key: {name: cost}
                  expression: usage.prompt_tokens + 3 * usage.completion_tokens
                  condition: has(usage.prompt_tokens) && has(usage.completion_tokens)
                - key: {namespace: team, name: cached}
                  expression: usage.prompt_tokens_details.cached_tokens
                """);
        assertEquals(
                List.of(new Attribute("envoy.lb", "cost", 37), new Attribute("team", "cached", 2)),
                reporter.attributes(new Usage(7, 2, 10)));
        assertEquals(List.of(), reporter.attributes(Usage.UNKNOWN));
        assertEquals(List.of(), reporter.attributes(new Usage(7, -1, -1)));
    }

    @Test
    void whatIsNoWholeNumberIsNotTold() {
        AttributeReporter reporter = read("[{key: {name: share}, expression: dyn(1.5)}]");
        assertEquals(List.of(), reporter.attributes(new Usage(7, 0, 1)));
    }

    @Test
    void expressionsThatCannotWorkAreErrorsOfTheirLine() {
        assertRefused("[{key: {name: cost}, expression: usage.prompt_tokens +}]", "expression is no expression");
        assertRefused("[{key: {name: cost}, expression: request.path}]", "expression is no expression");
        assertRefused("[{key: {name: cost}, expression: \"'seven'\"}]", "must be of type int, is of type string");
        assertRefused(
                "[{key: {name: cost}, expression: 1 + 1, condition: 1 + 1}]", "must be of type bool, is of type int");
        assertRefused("[{key: {name: ' '}, expression: 1 + 1}]", "must not be blank");
        assertRefused("[]", "needs at least one");
    }

    @Test
    void theVerifierSaysWhoServedOrWhyItDoesNotKnow() {
        assertEquals("10.0.0.1:3000", served(new Reply(Optional.empty(), true, "10.0.0.1:3000")));
        assertEquals("fail: missing envoy lb metadata", served(new Reply(Optional.empty(), false, "")));
        assertEquals(
                "fail: missing destination endpoint served metadata", served(new Reply(Optional.empty(), true, "")));
    }

    private static String served(Reply reply) {
        return new ServedVerifier().headers(reply).getOrDefault("x-conformance-test-served-endpoint", "");
    }

    private static AttributeReporter read(String attributes) {
        YamlNode node = YamlNode.parse("c", "attributes:\n" + attributes.indent(2));
        return AttributeReporter.read(new Parameters(
                "request-attribute-reporter",
                node,
                Map.of("attributes", node.mapping().required("attributes")),
                warning -> {},
                (reference, kind) -> {
                    throw reference.error("no plugins");
                }));
    }

    private static void assertRefused(String attributes, String why) {
        String message = assertThrows(InvalidDocumentException.class, () -> read(attributes))
                .toString();
        assertTrue(message.contains(why), message);
        assertTrue(message.contains("c line "), message);
    }
}
