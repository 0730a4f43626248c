package dev.presage.router.envoy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real Envoy in front of a router, on ports of its own choice. */
public final class EnvoyProcess implements AutoCloseable {
    private static final Pattern LISTENER = Pattern.compile("gateway::127\\.0\\.0\\.1:(\\d+)");
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Process process;
    private final int port;

    private EnvoyProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Where Envoy is: {@code -Denvoy.path}, {@code ENVOY_PATH}, the {@code PATH}, or the cache of the quickstart. */
    public static Optional<Path> binary() {
        List<String> places = new ArrayList<>();
        places.add(System.getProperty("envoy.path", ""));
        places.add(System.getenv().getOrDefault("ENVOY_PATH", ""));
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            places.add(directory + "/envoy");
        }
        places.add(System.getProperty("user.home") + "/.cache/presage/envoy/1.40.0/envoy");
        return places.stream()
                .filter(place -> !place.isEmpty())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    static EnvoyProcess start(Path binary, Path scratch, int routerPort, String requestMode, String responseMode)
            throws Exception {
        return start(binary, scratch, "/envoy-it.yaml", routerPort, requestMode, responseMode, 0);
    }

    /** Runs the bootstrap of that resource. */
    public static EnvoyProcess start(
            Path binary,
            Path scratch,
            String resource,
            int routerPort,
            String requestMode,
            String responseMode,
            int upstreamPort)
            throws Exception {
        String template;
        try (InputStream in = EnvoyProcess.class.getResourceAsStream(resource)) {
            template = new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        boolean duplex = requestMode.equals("FULL_DUPLEX_STREAMED");
        Path config = Files.writeString(
                scratch.resolve("envoy.yaml"),
                template.replace("$REQUEST_BODY_MODE", requestMode)
                        .replace("$RESPONSE_BODY_MODE", responseMode)
                        .replace("$TRAILER_MODE", duplex ? "SEND" : "SKIP")
                        .replace("$SCRATCH", scratch.toString())
                        .replace("$UPSTREAM_PORT", Integer.toString(upstreamPort))
                        .replace("$ROUTER_PORT", Integer.toString(routerPort)));
        Path admin = scratch.resolve("admin");
        Process process = new ProcessBuilder(
                        binary.toString(),
                        "-c",
                        config.toString(),
                        "--admin-address-path",
                        admin.toString(),
                        "--concurrency",
                        "1",
                        "--use-dynamic-base-id",
                        "-l",
                        "warn")
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("envoy.log").toFile())
                .start();
        return new EnvoyProcess(process, listenerPort(process, admin, scratch.resolve("envoy.log")));
    }

    private static int listenerPort(Process process, Path admin, Path log) throws Exception {
        long deadline = System.nanoTime() + START_NANOS;
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (process.isAlive() && System.nanoTime() < deadline) {
                Optional<Integer> port = Files.exists(admin) ? ask(client, Files.readString(admin)) : Optional.empty();
                if (port.isPresent()) {
                    return port.get();
                }
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }
        process.destroyForcibly();
        throw new IllegalStateException("Envoy did not start: " + Files.readString(log));
    }

    private static Optional<Integer> ask(HttpClient client, String admin) throws InterruptedException {
        try {
            URI ready = URI.create("http://" + admin.trim() + "/ready");
            if (client.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.ofString())
                            .statusCode()
                    != 200) {
                return Optional.empty();
            }
            URI listeners = URI.create("http://" + admin.trim() + "/listeners");
            Matcher line = LISTENER.matcher(
                    client.send(HttpRequest.newBuilder(listeners).build(), BodyHandlers.ofString())
                            .body());
            return line.find() ? Optional.of(Integer.parseInt(line.group(1))) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public URI uri(String path) {
        return URI.create("https://localhost:" + port + path);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
