package dev.presage.testbed.quickstart;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** A real Envoy with one of the configurations of {@code deploy/examples}, its ports replaced by those of this run. */
final class ExampleEnvoy implements AutoCloseable {
    static final int ADMIN = 9901;
    static final int DOOR = 8080;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int admin;

    private ExampleEnvoy(Process process, int admin) {
        this.process = process;
        this.admin = admin;
    }

    /**
     * Starts it; it listens soon after. The test is skipped where there is no Envoy.
     *
     * @param example the file's name
     * @param ports this run's port for each of the example's
     */
    static ExampleEnvoy start(String example, Map<Integer, Integer> ports, Path directory) throws IOException {
        Path binary = binary();
        String config = Files.readString(Path.of("..")
                .toAbsolutePath()
                .normalize()
                .resolve("deploy/examples")
                .resolve(example));
        for (var port : ports.entrySet()) {
            assertTrue(config.contains("port_value: " + port.getKey() + "}"), "no port " + port.getKey());
            // The blank keeps a port of this run from being replaced again.
            config = config.replace("port_value: " + port.getKey() + "}", "port_value: " + port.getValue() + " }");
        }
        Path file = Files.writeString(directory.resolve("envoy.yaml"), config);
        Process process = new ProcessBuilder(
                        binary.toString(), "-c", file.toString(), "--concurrency", "1", "-l", "warn")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("envoy.log").toFile())
                .start();
        return new ExampleEnvoy(process, ports.getOrDefault(ADMIN, ADMIN));
    }

    /** How many routers Envoy holds healthy; -1 when it does not answer. */
    int healthyRouters() {
        try {
            URI uri = URI.create("http://127.0.0.1:" + admin + "/stats?filter=cluster.router.membership_healthy");
            String stats = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            return Integer.parseInt(stats.strip().replaceFirst(".*: ", ""));
        } catch (IOException | NumberFormatException e) {
            return -1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path binary() {
        var found = Stream.of(
                        System.getenv().getOrDefault("ENVOY_PATH", ""),
                        "/usr/bin/envoy",
                        "/usr/local/bin/envoy",
                        System.getProperty("user.home") + "/.cache/presage/envoy/1.40.0/envoy")
                .filter(path -> !path.isEmpty())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), "no Envoy here");
        return found.orElseThrow();
    }

    @Override
    public void close() throws InterruptedException {
        http.close();
        process.destroyForcibly().waitFor();
    }
}
