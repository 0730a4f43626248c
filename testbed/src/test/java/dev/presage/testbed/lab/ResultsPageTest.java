package dev.presage.testbed.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsPageTest {
    private static final double[] NOTHING = {};

    @TempDir
    Path folder;

    @Test
    void boundsAreHeldAgainstTheMeanOverSeeds() throws IOException {
        LabRuns runs = new LabRuns(folder.resolve("runs.jsonl"), "this");
        keep(runs, Scenarios.UNLIKE, "learned", 1, 1_020);
        keep(runs, Scenarios.UNLIKE, "clairvoyant", 1, 1_000);
        keep(runs, Scenarios.LIKE, "learned", 1, 1_040);
        keep(runs, Scenarios.LIKE, "clairvoyant", 1, 1_000);
        String page = new ResultsPage(runs, 1).render();
        assertTrue(page.contains("| unlike fleet: mean TTFT to clairvoyant | 1.020 | 1 | 1.030 | yes |"), page);
        assertTrue(page.contains("| fleet alike: the same | 1.040 | 1 | 1.030 | **no** |"), page);
        assertFalse(page.contains("labels hidden: the same"), "nothing is said of what was not run");
    }

    @Test
    void keptRunsAreReadAgain() throws IOException {
        Path file = folder.resolve("target/runs.jsonl");
        LabRuns runs = new LabRuns(file, "this");
        keep(runs, Scenarios.UNLIKE, "learned", 1, 1_020);
        keep(runs, Scenarios.UNLIKE, "learned", 3, 1_060);
        LabRuns again = new LabRuns(file, "this");
        assertTrue(again.has(new LabRuns.Key(Scenarios.UNLIKE.name(), "learned", 1)));
        assertEquals(1, again.of(Scenarios.UNLIKE, "learned").size(), "seeds count as far as none is missing");
        assertEquals(
                1_020, again.of(Scenarios.UNLIKE, "learned").getFirst().ttftMs().mean());
        assertEquals(new ResultsPage(runs, 1).render(), new ResultsPage(again, 1).render());
    }

    @Test
    void runsOfOtherCodeDoNotCount() throws IOException {
        Path file = folder.resolve("runs.jsonl");
        keep(new LabRuns(file, "before"), Scenarios.UNLIKE, "learned", 1, 1_060);
        LabRuns runs = new LabRuns(file, "this");
        assertFalse(runs.has(new LabRuns.Key(Scenarios.UNLIKE.name(), "learned", 1)));
        assertEquals(1, runs.passedOver());
        keep(runs, Scenarios.UNLIKE, "learned", 1, 1_020);
        LabRuns again = new LabRuns(file, "this");
        assertEquals(
                1_020, again.of(Scenarios.UNLIKE, "learned").getFirst().ttftMs().mean());
    }

    @Test
    void theDigestOfTheCodeChangesWithWhatIsInItAndNotWithItsPlace() throws IOException {
        String one = classPath("one", "A.class", "same");
        assertEquals(CodeDigest.of(one), CodeDigest.of(classPath("two", "A.class", "same")));
        assertNotEquals(CodeDigest.of(one), CodeDigest.of(classPath("three", "A.class", "else")));
        assertNotEquals(CodeDigest.of(one), CodeDigest.of(classPath("four", "B.class", "same")));
        assertEquals(CodeDigest.of(one), CodeDigest.of(one + File.pathSeparator + folder.resolve("missing")));
    }

    private String classPath(String root, String name, String content) throws IOException {
        Path classes = Files.createDirectories(folder.resolve(root));
        Files.writeString(classes.resolve(name), content);
        return classes.toString();
    }

    @Test
    void scenariosHaveNamesOfTheirOwnAndPoliciesThatExist() {
        Set<String> names = new HashSet<>();
        for (Scenario scenario : Stream.concat(Scenarios.ALL.stream(), Scenarios.ABLATED.stream())
                .toList()) {
            assertTrue(names.add(scenario.name()), scenario.name());
            scenario.policies().forEach(LabPolicy::named);
            scenario.settings()
                    .checkReplicas(FleetSpec.parse(scenario.fleet()).replicas().size());
        }
    }

    private static void keep(LabRuns runs, Scenario scenario, String policy, long seed, double meanMs) {
        Summary summary = new Summary(meanMs, meanMs, meanMs, meanMs, meanMs);
        Accuracy none = new Accuracy(Double.NaN, Double.NaN, NOTHING, NOTHING, Double.NaN, Double.NaN);
        PolicyResult result = new PolicyResult(
                policy, 1, summary, summary, summary, 0, 1, none, Shift.NONE, 0, Double.NaN, Double.NaN);
        runs.keep(new LabRuns.Kept(new LabRuns.Key(scenario.name(), policy, seed), 1, result));
    }
}
