package dev.presage.testbed.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules are taken by Prometheus' own tool and fire in its unit tests; each alert has its runbook and its test. */
class AlertRulesIT {
    private static final Path RULES = DeployTools.DEPLOY.resolve("helm/presage/rules/presage.yaml");
    private static final Path TESTS = RULES.resolveSibling("presage.test.yaml");

    @Test
    void promtoolTakesThemAndTheyFire() throws Exception {
        DeployTools.run("promtool", List.of("check", "rules", RULES.toString())).succeeded();
        DeployTools.run("promtool", List.of("test", "rules", TESTS.toString())).succeeded();
    }

    @Test
    void eachAlertHasItsRunbookAndItsTest() throws Exception {
        Map<?, ?> file = Yaml.documents(Files.readString(RULES)).getFirst();
        Set<String> alerts = new TreeSet<>();
        for (Object group : (List<?>) file.get("groups")) {
            for (Object rule : (List<?>) ((Map<?, ?>) group).get("rules")) {
                if (((Map<?, ?>) rule).get("alert") instanceof String alert) {
                    alerts.add(alert);
                    assertEquals(
                            "deploy/runbooks/" + alert + ".md", Yaml.at((Map<?, ?>) rule, "annotations", "runbook"));
                }
            }
        }
        assertTrue(alerts.size() > 10, alerts.toString());
        try (Stream<Path> pages = Files.list(DeployTools.DEPLOY.resolve("runbooks"))) {
            Set<String> runbooks = pages.map(
                            page -> page.getFileName().toString().replace(".md", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(alerts, runbooks);
        }
        String tests = Files.readString(TESTS);
        for (String alert : alerts) {
            assertTrue(
                    tests.contains("alertname: " + alert + "\n    exp_alerts: [{"), "no test in which fires " + alert);
        }
    }
}
