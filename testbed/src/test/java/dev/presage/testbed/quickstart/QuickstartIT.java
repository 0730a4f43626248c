package dev.presage.testbed.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.presage.cli.Presage;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command itself, for a minute and a half, through real Envoy; and shortly through the front door. */
class QuickstartIT {
    @Test
    void learnsLiveThroughEnvoyAndIsNotWorseThanTheHeuristic() throws Exception {
        JsonNode report = quickstart("--minutes", "1.5");
        assertTrue(report.path("gateway").asText().startsWith("Envoy"), report.toString());
        assertEquals(0, report.path("failed").asLong(-1), report.toString());
        assertTrue(report.path("models").asInt() >= 1, report.toString());
        assertTrue(report.path("first_model_s").asDouble() <= 60, report.toString());
        assertTrue(report.path("prediction_pairs").asInt() >= 50, report.toString());
        assertEquals(report.path("requests").asInt(), report.path("samples").asInt(), report.toString());
        JsonNode heuristic = report.at("/policies/0");
        JsonNode learned = report.at("/policies/2");
        assertEquals("learned", learned.path("policy").asText());
        assertTrue(learned.path("requests").asInt() >= 50, report.toString());
        assertTrue(
                learned.at("/ttft_ms/mean").asDouble()
                        <= heuristic.at("/ttft_ms/mean").asDouble(),
                report.toString());
    }

    @Test
    void doesWithoutEnvoy() throws Exception {
        JsonNode report = quickstart("--minutes", "0.25", "--front-door");
        assertEquals("the built-in front door", report.path("gateway").asText());
        assertTrue(report.path("requests").asInt() > 0, report.toString());
        assertEquals(0, report.path("failed").asLong(-1), report.toString());
        assertEquals(report.path("requests").asInt(), report.path("samples").asInt(), report.toString());
    }

    private static JsonNode quickstart(String... options) throws Exception {
        StringWriter out = new StringWriter();
        CommandLine presage = Presage.commandLine();
        presage.setOut(new PrintWriter(out));
        String[] arguments = new String[options.length + 3];
        arguments[0] = "quickstart";
        arguments[1] = "--output";
        arguments[2] = "json";
        System.arraycopy(options, 0, arguments, 3, options.length);
        assertEquals(0, presage.execute(arguments));
        return new ObjectMapper().readTree(out.toString());
    }
}
