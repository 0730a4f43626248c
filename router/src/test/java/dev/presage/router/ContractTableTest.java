package dev.presage.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that CONTRACT.md names exist, in this module or the testbed. */
class ContractTableTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?`");

    @Test
    void everyNamedTestExists() throws IOException {
        Map<String, String> sources = sources();
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (String line : Files.readAllLines(Path.of("CONTRACT.md"))) {
            String[] cells = line.split("\\|");
            Matcher matcher = NAMED.matcher(cells.length > 4 ? cells[4] : "");
            while (matcher.find()) {
                named++;
                String source = sources.get(matcher.group(1));
                if (source == null || matcher.group(2) != null && !source.contains(" " + matcher.group(2) + "(")) {
                    missing.add(matcher.group());
                }
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(named > 100, named + " tests named");
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (Path root : List.of(Path.of("src/test/java"), Path.of("../testbed/src/test/java"))) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            }
        }
        return sources;
    }
}
