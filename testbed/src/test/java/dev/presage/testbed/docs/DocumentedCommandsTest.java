package dev.presage.testbed.docs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.cli.Presage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every {@code ./presage} line in the documentation is one that the command line takes, and every link leads somewhere. */
class DocumentedCommandsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    @TestFactory
    List<DynamicTest> commandsParse() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages()) {
            for (String line : Files.readAllLines(page)) {
                // Where a shell writes it to is not the command's.
                String command = line.strip().replaceFirst(" > \\S+$", "");
                if (command.startsWith("./presage ") && !command.startsWith("./presage verify")) {
                    tests.add(DynamicTest.dynamicTest(
                            ROOT.relativize(page) + ": " + command,
                            () -> assertDoesNotThrow(() -> Presage.commandLine().parseArgs(arguments(command)))));
                }
            }
        }
        assertTrue(tests.size() > 20, tests.size() + " commands are too few: the pages were not found");
        return tests;
    }

    @TestFactory
    List<DynamicTest> linksLead() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                Path target = page.resolveSibling(link.group(1));
                tests.add(DynamicTest.dynamicTest(
                        ROOT.relativize(page) + " to " + link.group(1), () -> assertTrue(Files.exists(target))));
            }
        }
        return tests;
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 3)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !ROOT.relativize(file).toString().contains("target"))
                    .toList();
        }
    }

    private static String[] arguments(String command) {
        String bare = command.substring("./presage ".length()).replaceFirst("\\s+#.*", "");
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(bare);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        return words.toArray(String[]::new);
    }
}
