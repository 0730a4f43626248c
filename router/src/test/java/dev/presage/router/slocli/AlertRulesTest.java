package dev.presage.router.slocli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.presage.router.slo.LatencySlo;
import dev.presage.router.slo.SloReading;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules as text, and, where there is a promtool (PROMTOOL_PATH or PATH), what Prometheus makes of them. */
class AlertRulesTest {
    private static final LatencySlo CHAT = SloReading.of("slo.yaml", """
                    apiVersion: presage.dev/v1alpha1
                    kind: LatencySLO
                    metadata: {name: chat}
                    spec: {targets: {ttft: {ms: 800, percentile: 95}}, objective: 99.5}
                    """).slos().getFirst();

    @TempDir
    Path directory;

    @Test
    void theRatesAreThoseOfTheWorkbook() {
        String rules = RuleFormat.prometheus.render(List.of(CHAT));
        assertTrue(
                rules.contains("rate1h{slo=\"chat\"} > 14.4 * 0.005 and presage_slo:bad_requests:ratio_rate5m"), rules);
        assertTrue(
                rules.contains("rate6h{slo=\"chat\"} > 6 * 0.005 and presage_slo:bad_requests:ratio_rate30m"), rules);
        assertTrue(rules.contains("rate1d{slo=\"chat\"} > 3 * 0.005 and presage_slo:bad_requests:ratio_rate2h"), rules);
        assertTrue(rules.contains("rate3d{slo=\"chat\"} > 1 * 0.005 and presage_slo:bad_requests:ratio_rate6h"), rules);
        assertEquals(4, rules.split(">= 30\\)", -1).length - 1);
        assertFalse(
                RuleFormat.prometheus.render(List.of(objective(90))).contains("14.4"), "a rate that cannot be reached");
    }

    @Test
    void promtoolAcceptsTheRulesAndTheyFireWhenTheyShould() throws Exception {
        String promtool = promtool();
        assumeTrue(!promtool.isEmpty(), "no promtool");
        Files.writeString(directory.resolve("rules.yaml"), RuleFormat.prometheus.render(List.of(CHAT, objective(50))));
        assertEquals(0, run(promtool, "check", "rules", "rules.yaml"));
        // 100 requests a minute. Fast: a tenth of them miss from the second hour on. Slow: 2 % all the time. Few: all
        // of
        // three requests miss. Over: the tenth ends after two hours.
        String test = """
                rule_files: [rules.yaml]
                evaluation_interval: 1m
                tests:
                """
                + scenario("100x240", "0x60 10+10x180", "3h", "page", "ticket")
                + scenario("100x4500", "0+2x4500", "74h", "ticket")
                + scenario("0x60 1+1x2 3x180", "0x60 1+1x2 3x180", "63m")
                + scenario("100x600", "0x60 10+10x60 610x480", "150m", "ticket")
                + scenario("100x240", "0x240", "3h");
        Files.writeString(directory.resolve("test.yaml"), test);
        assertEquals(0, run(promtool, "test", "rules", "test.yaml"));
    }

    /** Counters of {@code slo="chat"} and the severities that fire at that time. */
    private static String scenario(String requests, String bad, String at, String... severities) {
        StringBuilder text = new StringBuilder(
                """
                - interval: 1m
                  input_series:
                  - series: 'presage_slo_requests_total{slo="chat",pod="a"}'
                    values: '%s'
                  - series: 'presage_slo_bad_requests_total{slo="chat",pod="a"}'
                    values: '%s'
                  promql_expr_test:
                  - expr: count by (severity) (ALERTS{alertstate="firing",slo="chat"})
                    eval_time: %s
                """.formatted(requests.startsWith("100x") ? requests.replace("100x", "0+100x") : requests, bad, at));
        text.append(severities.length == 0 ? "    exp_samples: []\n" : "    exp_samples:\n");
        Stream.of(severities)
                .forEach(severity -> text.append("    - labels: '{severity=\"" + severity + "\"}'\n      value: 1\n"));
        return text.toString();
    }

    private static LatencySlo objective(int percent) {
        return SloReading.of("slo.yaml", """
                        apiVersion: presage.dev/v1alpha1
                        kind: LatencySLO
                        metadata: {name: lax}
                        spec: {targets: {ttft: {ms: 800}}, objective: %d}
                        """.formatted(percent)).slos().getFirst();
    }

    private int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            throw new AssertionError(output);
        }
        return code;
    }

    private static String promtool() {
        String named = System.getenv("PROMTOOL_PATH");
        Stream<Path> candidates = named != null
                ? Stream.of(Path.of(named))
                : Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, "promtool"));
        return candidates
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("");
    }
}
