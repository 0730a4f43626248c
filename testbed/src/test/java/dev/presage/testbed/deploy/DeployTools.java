package dev.presage.testbed.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs that {@code deploy/tools.sh} brings: helm, kubeconform, promtool, prometheus. A test that needs one is skipped
 * where it is missing, and fails where {@code PRESAGE_TOOLS} says that it is there, as in CI.
 */
public final class DeployTools {
    public static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    public static final Path DEPLOY = ROOT.resolve("deploy");
    private static final Path HOME = Path.of(
            System.getenv().getOrDefault("PRESAGE_TOOLS", System.getProperty("user.home") + "/.cache/presage/tools"));

    /** How a program ended and what it said, standard error included. */
    public record Result(int status, String output) {
        /** The output of a program that must succeed. */
        public String succeeded() {
            assertEquals(0, status, output);
            return output;
        }
    }

    private DeployTools() {}

    public static Path program(String name) {
        Path program = HOME.resolve("bin").resolve(name);
        require(Files.isExecutable(program), program);
        return program;
    }

    /** JSON schemas of Kubernetes' own kinds. */
    public static Path schemas() {
        Path schemas = HOME.resolve("schemas/1.34.0");
        require(Files.isDirectory(schemas), schemas);
        return schemas;
    }

    private static void require(boolean there, Path what) {
        if (System.getenv("PRESAGE_TOOLS") != null) {
            assertTrue(there, what + " is missing: run deploy/tools.sh");
        }
        assumeTrue(there, what + " is missing: run deploy/tools.sh");
    }

    /** Runs {@code program} in the repository's root. */
    public static Result run(String program, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program(program).toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
