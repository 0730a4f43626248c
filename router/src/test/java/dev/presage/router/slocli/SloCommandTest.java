package dev.presage.router.slocli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.slo.SloReading;
import dev.presage.router.slo.Slos;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SloCommandTest {
    private static final String FULL = """
            apiVersion: presage.dev/v1alpha1
            kind: LatencySLO
            metadata:
              name: chat
            spec:
              selector:
                pool: "p"
                model: "m \\"x\\""
                tenant: "t"
                headers:
                  "x-tier": "gold"
              targets:
                ttft: {ms: 800, percentile: 95}
                tpot: {ms: 50.5, percentile: 99}
              objective: 99.5
              window: 7d
              onViolation: ShedLowerPriority
              minimumRequests: 100
            """;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyProblemIsToldAndConflictsToo() throws IOException {
        assertEquals(1, run("validate", Slos.yaml("a", "{colour: red}") + "---\n" + Slos.yaml("B", "{}")));
        assertEquals(2, err.toString().lines().count(), err.toString());
        assertEquals(1, run("validate", Slos.yaml("a", "{}") + "---\n" + Slos.yaml("b", "{}")));
        assertTrue(err.toString().contains("SLOs a and b have the same selector"));
        assertEquals(0, run("validate", FULL));
        assertEquals("1 SLO is valid\n", out.toString());
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        for (String command : new String[] {"validate", "rules", "export", "import"}) {
            assertEquals(2, execute(command, "nowhere.yaml"));
        }
        assertEquals(
                4,
                err.toString()
                        .lines()
                        .filter(line -> line.startsWith("cannot read nowhere.yaml"))
                        .count(),
                err.toString());
    }

    @Test
    void anObjectiveThatLeavesNoRoomForARateIsTold() throws IOException {
        assertEquals(0, run("validate", FULL.replace("99.5", "90")));
        assertEquals(
                "SLO chat: objective 90 % cannot burn 14.4 times its budget, so there is no page over 1h\n",
                err.toString());
    }

    @Test
    void anExportedSloIsImportedAsItWas() throws IOException {
        assertEquals(0, run("export", FULL));
        String openSlo = out.toString();
        assertEquals(2, openSlo.split("kind: SLO\n", -1).length - 1);
        assertTrue(openSlo.contains("timeSliceTarget: 0.95\n    timeSliceWindow: 1m\n"), openSlo);
        assertEquals(0, run("import", openSlo), err.toString());
        assertEquals(
                SloReading.of("a", FULL).slos(),
                SloReading.of("b", out.toString()).slos(),
                out.toString());
    }

    @Test
    void aForeignSloIsRecognisedByItsQuery() throws IOException {
        String foreign = """
                apiVersion: openslo/v1
                kind: Service
                metadata: {name: llm}
                spec: {}
                ---
                apiVersion: openslo/v1
                kind: SLO
                metadata: {name: chat-latency}
                spec:
                  service: llm
                  indicator:
                    metadata: {name: i}
                    spec:
                      thresholdMetric:
                        metricSource:
                          type: Prometheus
                          spec: {query: 'vllm:time_to_first_token_seconds'}
                  timeWindow: [{duration: 4w, isRolling: true}]
                  budgetingMethod: Occurrences
                  objectives: [{op: lte, value: 0.8, targetPercent: 99}]
                """;
        assertEquals(0, run("import", foreign), err.toString());
        assertEquals("""
                apiVersion: presage.dev/v1alpha1
                kind: LatencySLO
                metadata: {name: "chat-latency"}
                spec:
                  targets:
                    ttft: {ms: 800}
                  objective: 99
                  window: 28d
                """, out.toString());
        assertEquals(1, run("import", foreign.replace("time_to_first_token_seconds", "up")));
        assertTrue(
                err.toString().contains("metadata.name is of no latency that is known by its query"), err.toString());
    }

    @Test
    void withoutASubcommandItSaysWhichThereAre() {
        assertEquals(2, command().execute());
        assertTrue(err.toString().contains("validate, rules, export, import"));
    }

    private int run(String subcommand, String text) throws IOException {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return command()
                .execute(
                        subcommand,
                        Files.writeString(directory.resolve("slo.yaml"), text).toString());
    }

    private int execute(String... arguments) {
        return command().execute(arguments);
    }

    private CommandLine command() {
        return new CommandLine(new SloCommand()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    }
}
