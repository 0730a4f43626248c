package dev.presage.testbed.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.testbed.deploy.DeployTools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guide "Ten minutes without Kubernetes" of {@code deploy/README.md}, followed literally in an empty directory by a shell, until the model
 * decides. Only ports are those of this run, in the lines and in the files that they name.
 */
class StandaloneGuideIT {
    private static final Path ROOT = DeployTools.ROOT;
    private static final String TITLE = "## Ten minutes without Kubernetes\n";
    private static final List<Integer> PORTS =
            List.of(8000, 8001, 8002, 8003, 7070, 8080, 9002, 9003, 9090, 9092, 9901);
    private static final Pattern PORT =
            Pattern.compile("\\b(?:8000|8001|8002|8003|7070|8080|9002|9003|9090|9092|9901)\\b");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final List<Process> running = new ArrayList<>();
    private final int base = freePorts();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : running.reversed()) {
            process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void itsLinesEndWithAModelThatDecides() throws Exception {
        Path binary = ExampleEnvoy.binary();
        Path examples = Files.createDirectories(directory.resolve("deploy/examples"));
        for (String example : List.of("endpoints.yaml", "epp.yaml", "envoy.yaml")) {
            Files.writeString(
                    examples.resolve(example),
                    ported(Files.readString(ROOT.resolve("deploy/examples").resolve(example))));
        }
        List<String> lines = lines();
        for (String line :
                lines.stream().filter(line -> line.startsWith("./presage ")).toList()) {
            String own = line.startsWith("./presage epp ")
                    ? " --grpc-port %d --grpc-health-port %d --metrics-port %d"
                            .formatted(port(9002), port(9003), port(9090))
                    : "";
            start(line.replaceFirst("^\\./presage", ROOT.resolve("presage").toString()) + own);
        }
        start(lines.stream()
                .filter(line -> line.startsWith("envoy "))
                .findFirst()
                .orElseThrow()
                .replaceFirst("^envoy", binary + " --concurrency 1 -l warn"));
        String request = lines.stream()
                .filter(line -> line.contains("/v1/completions"))
                .findFirst()
                .orElseThrow();
        String look = lines.stream()
                .filter(line -> line.contains("presage_bundle_info"))
                .findFirst()
                .orElseThrow();

        Awaitility.await("an answer")
                .atMost(PATIENCE)
                .until(() -> shell(request).status() == 0);
        for (int i = 0; i < 120; i++) {
            Said answer = shell(request);
            assertTrue(answer.status() == 0 && answer.text().contains("data: [DONE]"), answer.text() + logs());
        }
        Awaitility.await("a model")
                .atMost(PATIENCE)
                .conditionEvaluationListener(_ -> assertTrue(running.stream().allMatch(Process::isAlive), this::logs))
                .until(() -> shell(look).text().contains("presage_bundle_info{"));
        assertTrue(logs().contains("champion is now"), this::logs);
        Awaitility.await("a learned decision").atMost(PATIENCE).until(() -> {
            assertEquals(0, shell(request).status());
            return shell(look.replace("presage_bundle_info", "'presage_decisions_total.*policy=\"learned\"'"))
                            .status()
                    == 0;
        });
    }

    /** The indented lines of the section, continuation lines of nothing. */
    private List<String> lines() throws IOException {
        String page = Files.readString(ROOT.resolve("deploy/README.md"));
        String section = page.substring(page.indexOf(TITLE) + TITLE.length());
        List<String> lines = section.substring(0, section.indexOf("\nAs services"))
                .lines()
                .filter(line -> line.startsWith("    "))
                .map(String::strip)
                .map(this::ported)
                .toList();
        assertEquals(
                7, lines.stream().filter(line -> line.startsWith("./presage ")).count(), lines.toString());
        return lines;
    }

    private void start(String line) throws IOException {
        Process process = builder("exec " + line)
                .redirectOutput(directory.resolve(running.size() + ".log").toFile())
                .start();
        running.add(process);
    }

    private record Said(int status, String text) {}

    private Said shell(String line) throws IOException, InterruptedException {
        Process process = builder(line).start();
        String text = new String(process.getInputStream().readAllBytes());
        return new Said(process.waitFor(), text);
    }

    private ProcessBuilder builder(String line) {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", line)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "PRESAGE_BUILD",
                        "never",
                        "PRESAGE_JAVA_OPTS",
                        "-Xmx300m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"));
        return builder;
    }

    private String logs() {
        StringBuilder logs = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                logs.append("== ").append(file.getFileName()).append('\n').append(Files.readString(file));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return logs.toString();
    }

    private String ported(String text) {
        return PORT.matcher(text).replaceAll(port -> "" + port(Integer.parseInt(port.group())));
    }

    private int port(int documented) {
        return base + PORTS.indexOf(documented);
    }

    /** The first of as many free ports in a row; the engines of one line have consecutive ones. */
    private static int freePorts() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            List<ServerSocket> held = new ArrayList<>();
            try {
                for (int i = 0; i < PORTS.size(); i++) {
                    held.add(new ServerSocket(first + i, 1, InetAddress.getLoopbackAddress()));
                }
                return first;
            } catch (IOException taken) {
                continue;
            } finally {
                held.forEach(StandaloneGuideIT::close);
            }
        }
        throw new AssertionError("no free ports");
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
