package dev.presage.router.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real fuzzing, one process a target: Jazzer's own driver on a class path without jqwik, whose engine it does not get along
 * with. Unless told, a target starts from the same seed and ends after so many runs, so that neither chance nor a faster
 * machine decides a build; {@code -Dpresage.fuzz.seconds} and {@code -Dpresage.fuzz.seed} search further. What it finds
 * stays in {@code target/fuzz}.
 */
class FuzzIT {
    private static final long RUNS = 200_000;
    private static final long SECONDS = Long.getLong("presage.fuzz.seconds", 10);
    private static final long GRACE_SECONDS = 120;

    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void findsNothing(FuzzTarget target) throws IOException, InterruptedException {
        Path found =
                Files.createDirectories(Path.of("target", "fuzz", target.name().toLowerCase(Locale.ROOT)));
        Path log = found.resolveSibling(found.getFileName() + ".log");
        Process process = new ProcessBuilder(command(target, found))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertTrue(process.waitFor(SECONDS + GRACE_SECONDS, TimeUnit.SECONDS), () -> "hangs: see " + log);
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
            assertEquals(0, process.exitValue(), end);
            assertTrue(end.contains("Done "), () -> "did not fuzz: " + end);
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> command(FuzzTarget target, Path found) {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("jqwik"))
                .collect(Collectors.joining(File.pathSeparator));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.className,
                "--instrumentation_includes=dev.presage.router.**",
                "--reproducer_path=target/fuzz",
                "-seed=" + Long.getLong("presage.fuzz.seed", 1),
                "-runs=" + (System.getProperty("presage.fuzz.seconds") == null ? RUNS : -1),
                "-max_total_time=" + SECONDS,
                "-timeout=20",
                "-rss_limit_mb=2048",
                "-print_final_stats=1",
                "-artifact_prefix=target/fuzz/",
                found.toString(),
                target.inputs().toString());
    }
}
