package dev.presage.testbed.deploy;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.cli.Presage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the runbooks tell people to run is there: commands and options, and in a cluster the objects of the chart. */
class RunbooksTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern OBJECT = Pattern.compile("\\b(deployment|service)/RELEASE(-[a-z]+)");
    private static final Pattern SELECTED = Pattern.compile("-l app\\.kubernetes\\.io/component=(\\w+)");
    private static final Pattern EXECUTED = Pattern.compile("kubectl exec RELEASE-store-0 -- presage (.+)");

    @Test
    void commandsAreTaken() throws Exception {
        int commands = 0;
        for (String code : codes()) {
            Matcher executed = EXECUTED.matcher(code);
            String line = executed.matches() ? executed.group(1) : code;
            if (executed.matches() || line.startsWith("./presage ")) {
                assertDoesNotThrow(
                        () -> Presage.commandLine().parseArgs(words(line.replaceFirst("^\\./presage ", ""))), line);
                commands++;
            }
        }
        assertTrue(commands >= 8, "commands: " + commands);
    }

    /** Objects and labels are those of the chart as it comes, whose release is called presage in the kustomize base. */
    @Test
    void objectsAreOfTheChart() throws Exception {
        List<Map<?, ?>> objects =
                Yaml.documents(Files.readString(DeployTools.DEPLOY.resolve("kustomize/base/presage.yaml")));
        int found = 0;
        for (String code : codes()) {
            Matcher object = OBJECT.matcher(code);
            while (object.find()) {
                assertTrue(has(objects, object.group(1), "presage" + object.group(2)), code);
                found++;
            }
            Matcher selected = SELECTED.matcher(code);
            while (selected.find()) {
                String component = selected.group(1);
                assertFalse(
                        Chart.pods(objects).stream()
                                .filter(pod -> component.equals(
                                        Yaml.text(pod, "metadata", "labels", "app.kubernetes.io/component")))
                                .toList()
                                .isEmpty(),
                        code);
                found++;
            }
        }
        assertTrue(has(objects, "serviceaccount", "presage-store") && has(objects, "statefulset", "presage-store"));
        assertTrue(found >= 8, "objects: " + found);
    }

    private static boolean has(List<Map<?, ?>> objects, String kind, String name) {
        return objects.stream()
                .anyMatch(object -> kind.equals(Yaml.text(object, "kind").toLowerCase(Locale.ROOT))
                        && name.equals(Yaml.text(object, "metadata", "name")));
    }

    /** Inline code of the runbooks, and the indented lines of the page that they point to. */
    private static List<String> codes() throws Exception {
        List<String> codes = new ArrayList<>();
        try (Stream<Path> files = Files.list(DeployTools.DEPLOY.resolve("runbooks"))) {
            for (Path file : files.sorted().toList()) {
                CODE.matcher(Files.readString(file))
                        .results()
                        .map(code -> code.group(1))
                        .forEach(codes::add);
            }
        }
        Files.readAllLines(DeployTools.DEPLOY.resolve("operations.md")).stream()
                .filter(line -> line.startsWith("    "))
                .map(String::strip)
                .forEach(codes::add);
        return codes;
    }

    private static String[] words(String line) {
        return WORD.matcher(line)
                .results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .toArray(String[]::new);
    }
}
