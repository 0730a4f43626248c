package dev.presage.testbed.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Envoy as a child process with its files in a scratch directory. It is up when {@link #start} returns. */
final class EnvoyGateway implements Gateway {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final long POLL_MS = 50;
    private static final long STOP_SECONDS = 5;

    private final Process process;
    private final ScratchDirectory scratch;
    private final Map<String, URI> baseUrls = new HashMap<>();
    private String version = "";

    private EnvoyGateway(Process process, ScratchDirectory scratch) {
        this.process = process;
        this.scratch = scratch;
    }

    static EnvoyGateway start(Path binary, List<Lane> lanes, boolean tlsToRouter) throws GatewayException {
        try {
            ScratchDirectory scratch = ScratchDirectory.create("presage-envoy");
            Path admin = scratch.path().resolve("admin-address");
            Path config = scratch.path().resolve("envoy.yaml");
            Files.writeString(config, new EnvoyConfig(lanes, admin, tlsToRouter).yaml());
            Process process = new ProcessBuilder(
                            binary.toString(),
                            "-c",
                            config.toString(),
                            "--admin-address-path",
                            admin.toString(),
                            "--concurrency",
                            "1",
                            "--disable-hot-restart",
                            "-l",
                            "warning")
                    .redirectErrorStream(true)
                    .redirectOutput(scratch.path().resolve("envoy.log").toFile())
                    .start();
            EnvoyGateway gateway = new EnvoyGateway(process, scratch);
            try {
                gateway.awaitListeners(admin, lanes);
            } catch (GatewayException | IOException e) {
                String log = gateway.log();
                gateway.close();
                throw new GatewayException("Envoy did not start: " + e.getMessage() + "\n" + log, e);
            }
            return gateway;
        } catch (IOException e) {
            throw new GatewayException("cannot run Envoy at " + binary + ": " + e.getMessage(), e);
        }
    }

    private void awaitListeners(Path adminFile, List<Lane> lanes) throws GatewayException, IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (process.isAlive() && System.nanoTime() < deadline) {
                Optional<String> address = adminAddress(adminFile);
                if (address.isPresent()
                        && "LIVE"
                                .equals(get(client, address.get(), "/ready")
                                        .orElse("")
                                        .strip())) {
                    readPorts(
                            get(client, address.get(), "/listeners?format=json").orElse("{}"));
                    readVersion(get(client, address.get(), "/server_info").orElse("{}"));
                    if (lanes.stream().allMatch(lane -> baseUrls.containsKey(lane.name()))) {
                        return;
                    }
                }
                Thread.sleep(POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GatewayException("interrupted while waiting for Envoy", e);
        }
        throw new GatewayException(
                process.isAlive() ? "not ready after " + START_LIMIT : "it exited with " + process.exitValue());
    }

    private static Optional<String> adminAddress(Path file) throws IOException {
        String text = Files.exists(file) ? Files.readString(file).strip() : "";
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static Optional<String> get(HttpClient client, String address, String path) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return Optional.of(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void readPorts(String json) throws IOException {
        for (JsonNode listener : new ObjectMapper().readTree(json).path("listener_statuses")) {
            int port = listener.at("/local_address/socket_address/port_value").asInt();
            if (port > 0) {
                baseUrls.put(listener.path("name").asText(), URI.create("http://127.0.0.1:" + port));
            }
        }
    }

    /** The build's name is {@code commit/version/...}. */
    private void readVersion(String json) throws IOException {
        String[] parts =
                new ObjectMapper().readTree(json).path("version").asText().split("/");
        version = parts.length > 1 ? " " + parts[1] : "";
    }

    /** The last of what Envoy said, for a failure's message. */
    private String log() {
        try {
            String text = Files.readString(scratch.path().resolve("envoy.log"));
            return text.substring(Math.max(0, text.length() - 2000));
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public String description() {
        return "Envoy" + version;
    }

    @Override
    public URI baseUrl(String lane) {
        URI url = baseUrls.get(lane);
        if (url == null) {
            throw new IllegalArgumentException("no lane '" + lane + "', known are " + baseUrls.keySet());
        }
        return url;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        scratch.close();
    }
}
