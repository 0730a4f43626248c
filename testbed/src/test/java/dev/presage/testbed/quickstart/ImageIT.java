package dev.presage.testbed.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.Capability;
import dev.presage.router.fleet.Endpoint;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.load.ClientSample;
import dev.presage.testbed.load.LoadPlan;
import dev.presage.testbed.load.LoadTarget;
import dev.presage.testbed.load.OpenLoopLoad;
import dev.presage.testbed.trace.Trace;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The product from its image, as a cluster runs it: every container without root, capabilities or a writable root file system. Simulated
 * replicas and Envoy, with the example's configuration, are outside. At the end the model decides, and no request failed.
 *
 * <p>{@code deploy/image/verify.sh} builds the image and names it in {@code PRESAGE_IMAGE}; the test is skipped without. Kafka is
 * the image that {@code PRESAGE_KAFKA_IMAGE} names, else Presage's own broker.
 */
class ImageIT {
    private static final Logger LOG = LoggerFactory.getLogger(ImageIT.class);
    private static final @Nullable String IMAGE = System.getenv("PRESAGE_IMAGE");
    private static final @Nullable String KAFKA_IMAGE = System.getenv("PRESAGE_KAFKA_IMAGE");
    private static final String POOL = "chat";
    private static final double SPEED_UP = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Pattern LEARNED =
            Pattern.compile("(?m)^presage_decisions_total\\{.*policy=\"learned\".*} [1-9].*");
    private static final Pattern FAILED = Pattern.compile("(?m)^llm_d_epp_request_error_total.* [1-9].*");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path config;

    private final List<GenericContainer<?>> containers = new ArrayList<>();
    private final Queue<ClientSample> answers = new ConcurrentLinkedQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        containers.reversed().forEach(GenericContainer::stop);
        http.close();
    }

    @Test
    void learnsFromItsOwnTraffic() throws Exception {
        assumeTrue(IMAGE != null, "no PRESAGE_IMAGE: deploy/image/verify.sh builds one");
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rwxr-xr-x"));
        int grpc = freePort();
        int metrics = freePort();
        int door = freePort();
        try (ReplicaSet replicas = ReplicaSet.start(fleet(), SPEED_UP)) {
            configure(replicas);
            String kafka = kafka();
            String store = "http://127.0.0.1:" + freePort();
            started(
                    "Model store",
                    "store",
                    "--dir",
                    "/data/store",
                    "--port",
                    port(store),
                    "--bootstrap-servers",
                    kafka);
            started(".*", "pipeline", "--state-dir", "/data/join", "--bootstrap-servers", kafka);
            started(".*", "train", "--bootstrap-servers", kafka, "--store", store, "--pool", POOL);
            // No subcommand: as a deployment of llm-d's picker has it, with that picker's arguments.
            GenericContainer<?> router = started(
                    "serving ext_proc",
                    "--pool-name",
                    POOL,
                    "--zap-encoder",
                    "json",
                    "--config-file",
                    "/config/epp.yaml",
                    "--grpc-port",
                    "" + grpc,
                    "--grpc-health-port",
                    "" + freePort(),
                    "--metrics-port",
                    "" + metrics,
                    "--v=4",
                    "--tracing=false",
                    "--metrics-endpoint-auth=false",
                    "--data-dir",
                    "/data",
                    "--bootstrap-servers",
                    kafka,
                    "--model-store",
                    store);
            try (ExampleEnvoy envoy = ExampleEnvoy.start(
                            "envoy.yaml",
                            Map.of(ExampleEnvoy.ADMIN, freePort(), ExampleEnvoy.DOOR, door, 9002, grpc),
                            config);
                    OpenLoopLoad load = new OpenLoopLoad(
                            List.of(new LoadTarget("door", URI.create("http://127.0.0.1:" + door))),
                            ReplicaSet.MODEL,
                            500,
                            answers::add,
                            System::nanoTime)) {
                await("Envoy", () -> envoy.healthyRouters() == 1);
                LoadPlan plan =
                        LoadPlan.replay(Trace.mooncakeConversation(), 0.3 * SPEED_UP, Duration.ofMinutes(10), 6_000);
                Thread sender = Thread.ofPlatform().name("image-load").daemon().start(() -> load.run(plan));
                await("a learned decision", () -> LEARNED.matcher(page(metrics)).find());
                load.stop();
                sender.join();
                assertTrue(load.drain(Duration.ofMinutes(1)), "requests without an end");
            }
            assertEquals(
                    List.of(), answers.stream().filter(answer -> !answer.ok()).toList());
            assertEquals(List.of(), matches(FAILED, page(metrics)));
            assertEquals("65532:65532", router.getContainerInfo().getConfig().getUser());
            LOG.info("of {} requests none failed; {}", answers.size(), matches(LEARNED, page(metrics)));
        }
    }

    /** Where Kafka is. */
    private String kafka() throws IOException {
        if (KAFKA_IMAGE != null) {
            KafkaContainer stock =
                    new KafkaContainer(DockerImageName.parse(KAFKA_IMAGE).asCompatibleSubstituteFor("apache/kafka"));
            containers.add(stock);
            stock.start();
            return stock.getBootstrapServers();
        }
        String port = "" + freePort();
        started(".*", "broker", "--data-dir", "/data", "--port", port);
        return "127.0.0.1:" + port;
    }

    private GenericContainer<?> started(String says, String... arguments) {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(Objects.requireNonNull(IMAGE)))
                .withImagePullPolicy(image -> false)
                .withNetworkMode("host")
                .withTmpFs(Map.of("/tmp", "exec,mode=1777", "/data", "mode=0777"))
                .withFileSystemBind(config.toString(), "/config", BindMode.READ_ONLY)
                .withCreateContainerCmdModifier(create -> Objects.requireNonNull(create.getHostConfig(), "host")
                        .withReadonlyRootfs(true)
                        .withCapDrop(Capability.ALL)
                        .withSecurityOpts(List.of("no-new-privileges")))
                .withLogConsumer(line -> LOG.debug("{}: {}", arguments[0], line.getUtf8StringWithoutLineEnding()))
                .waitingFor(Wait.forLogMessage(".*" + says + ".*\\n?", 1).withStartupTimeout(PATIENCE))
                .withCommand(arguments);
        containers.add(container);
        container.start();
        return container;
    }

    private void configure(ReplicaSet replicas) throws IOException {
        StringBuilder endpoints = new StringBuilder("endpoints:\n");
        for (Endpoint endpoint : replicas.endpoints()) {
            endpoints.append("- {name: e%d, address: 127.0.0.1, port: \"%d\", labels: {presage.dev/class: %s}}%n"
                    .formatted(
                            endpoint.port(), endpoint.port(), endpoint.labels().get("presage.dev/class")));
        }
        Files.writeString(config.resolve("endpoints.yaml"), endpoints);
        Files.writeString(config.resolve("epp.yaml"), """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: file-discovery
              parameters: {path: /config/endpoints.yaml, watchFile: true}
            dataLayer: {discovery: {pluginRef: file-discovery}}
            """);
    }

    private static List<EngineProfile> fleet() {
        EngineProfile fast = EngineProfile.named("h100-llama-2-70b-hf-tp8");
        EngineProfile slow = EngineProfile.named("a100-llama-2-70b-hf-tp4");
        return List.of(fast, fast, slow, slow);
    }

    private String page(int port) {
        URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
        try {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> matches(Pattern line, String page) {
        return line.matcher(page).results().map(found -> found.group()).toList();
    }

    private void await(String what, BooleanSupplier condition) {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + " did not come\n" + logs(), e);
        }
    }

    /** The last that each container said. */
    private String logs() {
        StringBuilder logs = new StringBuilder();
        for (GenericContainer<?> container : containers) {
            String said = container.getLogs();
            logs.append("== ")
                    .append(String.join(" ", container.getCommandParts()))
                    .append('\n');
            logs.append(said.substring(Math.max(0, said.length() - 3_000)));
        }
        return logs.toString();
    }

    private static String port(String url) {
        return "" + URI.create(url).getPort();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
