package dev.presage.testbed.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.presage.cli.Presage;
import dev.presage.testbed.deploy.DeployTools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes a real router under load: every query of the dashboards and rules is taken, and every metric and
 * label in it is there.
 */
class DashboardsIT {
    private static final Pattern METRIC =
            Pattern.compile("\\b((?:presage|llm_d_epp)[_:][a-zA-Z0-9_:]*)(?:\\{([^}]*)})?");
    private static final Pattern MATCHED = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern GROUPED = Pattern.compile("\\bby \\(([^)]*)\\)");
    /** A refusal's series comes with the first one; {@code RouterMetricsTest} shows it. */
    private static final String ONLY_AFTER_A_REFUSAL = "presage_model_refusals_total";

    /** Of the plugins of a configuration, which the router here has not; {@code ContractMetricsTest} shows it. */
    private static final String ONLY_WITH_PLUGINS = "llm_d_epp_plugin_duration_seconds";

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private int prometheusPort;

    @Test
    void everyQueryFindsItsSeries() throws Exception {
        Path binary = DeployTools.program("prometheus");
        int metricsPort = freePort();
        prometheusPort = freePort();
        try (EnginePages engines = new EnginePages(3);
                ServerProcess router = router(engines, metricsPort);
                ProcessorClient client = new ProcessorClient(router.processorPort(), false, 1)) {
            Process prometheus = prometheus(binary, metricsPort);
            try {
                Thread load = Thread.ofVirtual().start(() -> load(client));
                awaitSeries("presage_decisions_total{fallback=\"no-model\"}");
                BenchModel.publish(directory.resolve("store"), ProcessorClient.FIRST_TOKEN_MS, InstantSource.system());
                awaitSeries("rate(presage_decisions_total{policy=\"learned\"}[1m]) > 0");
                awaitSeries("rate(llm_d_epp_request_error_total[1m])");
                awaitSeries("rate(presage_prediction_error_ratio_count{target=\"ttft\"}[1m]) > 0");
                awaitSeries("presage_slo_burn_rate");
                List<String> queries = dashboardQueries();
                queries.addAll(autoscalingQueries());
                queries.addAll(runbookQueries());
                queries.forEach(this::findsEverythingNamed);
                for (String recorded : recordedNames()) {
                    awaitSeries(recorded);
                }
                ruleQueries().forEach(this::findsEverythingNamed);
                load.interrupt();
                load.join();
            } finally {
                prometheus.destroyForcibly().waitFor();
            }
        }
    }

    private ServerProcess router(EnginePages engines, int metricsPort) throws IOException {
        StringBuilder endpoints = new StringBuilder("endpoints:\n");
        for (int port : engines.ports()) {
            endpoints.append("- {name: e%d, address: 127.0.0.1, port: \"%d\", labels: {presage.dev/class: %s}}%n"
                    .formatted(port, port, SyntheticSamples.CLASSES[0]));
        }
        Path file = Files.writeString(directory.resolve("endpoints.yaml"), endpoints);
        return ServerProcess.start(
                directory.resolve("router.log"),
                System.getProperty("java.class.path"),
                List.of("-XX:+UseSerialGC", "-Xmx400m"),
                Presage.class.getName(),
                List.of(
                        "epp",
                        "--bind-address=127.0.0.1",
                        "--grpc-port=0",
                        "--grpc-health-port=0",
                        "--metrics-port=" + metricsPort,
                        "--secure-serving=false",
                        "--pool-name=" + BenchModel.POOL,
                        "--endpoints-file=" + file,
                        "--slo-file=" + sloFile(),
                        "--model-store=" + directory.resolve("store"),
                        "--bootstrap-servers=127.0.0.1:1", // nobody there: events go to the spool
                        "--data-dir=" + directory.resolve("data")));
    }

    private Path sloFile() throws IOException {
        return Files.writeString(directory.resolve("slo.yaml"), """
            apiVersion: presage.dev/v1alpha1
            kind: LatencySLO
            metadata: {name: everybody}
            spec: {targets: {ttft: {ms: 5000}}, objective: 99, window: 30d, minimumRequests: 1, onViolation: Prefer}
            """);
    }

    /** Streamed replies, and now and then a body that is no JSON. */
    private void load(ProcessorClient client) {
        SplittableRandom random = new SplittableRandom(1);
        var headers = EnvoyMessages.requestHeaders(2_048);
        OpenLoop loop = new OpenLoop(client, new Prompts(2_048, true, 1), headers, System::nanoTime);
        try {
            while (true) {
                loop.run(new ArrivalSchedule(20, random), Duration.ofSeconds(1));
                new DecisionCall(System::nanoTime, ProcessorClient.atOnce(), List.of(), new Unheard())
                        .start(client.stub(0), headers, List.of(ByteString.copyFromUtf8("{")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Unheard() implements DecisionCall.Listener {
        @Override
        public void decided(long sentNanos, long atNanos) {}

        @Override
        public void ended(boolean failed) {}
    }

    private Process prometheus(Path binary, int metricsPort) throws IOException {
        Path config = Files.writeString(directory.resolve("prometheus.yaml"), """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["%s"]
            scrape_configs:
            - job_name: chat
              static_configs: [{targets: ["127.0.0.1:%d"], labels: {namespace: llm}}]
            """.formatted(
                        DeployTools.DEPLOY.resolve("helm/presage/rules/presage.yaml"), metricsPort));
        return new ProcessBuilder(
                        binary.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + prometheusPort)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }

    private static List<String> dashboardQueries() throws IOException {
        List<String> queries = new ArrayList<>();
        try (Stream<Path> files = Files.list(DeployTools.DEPLOY.resolve("helm/presage/dashboards"))) {
            for (Path file : files.sorted().toList()) {
                JSON.readTree(file.toFile()).findValuesAsText("expr").stream()
                        .map(query -> query.replace("$__rate_interval", "1m").replaceAll("\\$(namespace|job)\\b", ".*"))
                        .forEach(queries::add);
            }
        }
        assertTrue(queries.size() > 40, queries.toString());
        return queries;
    }

    /** What the examples of KEDA ask Prometheus. */
    private static List<String> autoscalingQueries() throws IOException {
        List<String> queries = Files.readAllLines(DeployTools.DEPLOY.resolve("examples/autoscaling.yaml")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("query: "))
                .map(line -> line.substring("query: ".length()).replace("job=\"chat-epp\"", "job=\"chat\""))
                .toList();
        assertEquals(2, queries.size(), queries.toString());
        return queries;
    }

    /** What the runbooks tell people to ask. */
    private static List<String> runbookQueries() throws IOException {
        List<String> queries = new ArrayList<>();
        try (Stream<Path> files = Files.list(DeployTools.DEPLOY.resolve("runbooks"))) {
            for (Path file : files.sorted().toList()) {
                CODE.matcher(Files.readString(file))
                        .results()
                        .map(code -> code.group(1).replaceAll("\\{[a-z]+}", ""))
                        .filter(code -> METRIC.matcher(code).find() && !code.startsWith(ONLY_WITH_PLUGINS))
                        .forEach(queries::add);
            }
        }
        assertTrue(queries.size() >= 7, queries.toString());
        return queries;
    }

    private TreeSet<String> recordedNames() {
        TreeSet<String> names = new TreeSet<>();
        for (String query : ruleQueries()) {
            METRIC.matcher(query)
                    .results()
                    .map(found -> found.group(1))
                    .filter(name -> name.contains(":"))
                    .forEach(names::add);
        }
        return names;
    }

    private List<String> ruleQueries() {
        List<String> queries = new ArrayList<>();
        for (JsonNode rule : ask("rules", "").findValues("rules")) {
            for (JsonNode each : rule) {
                assertFalse(each.path("health").asText().equals("err"), each.toPrettyString());
                queries.add(each.path("query").asText());
            }
        }
        assertTrue(queries.size() > 20, queries.toString());
        return queries;
    }

    private void findsEverythingNamed(String query) {
        JsonNode answer = ask("query", "query=" + encoded(query));
        assertEquals("success", answer.path("status").asText(), query + ": " + answer);
        TreeSet<String> labels = new TreeSet<>();
        Matcher metric = METRIC.matcher(query);
        while (metric.find()) {
            if (metric.group(1).equals(ONLY_AFTER_A_REFUSAL)) {
                labels.addAll(List.of("reason", "namespace", "job"));
                continue;
            }
            JsonNode series =
                    ask("series", "match[]=" + encoded(metric.group(1))).path("data");
            assertFalse(series.isEmpty(), "no series " + metric.group(1) + " for " + query);
            TreeSet<String> own = new TreeSet<>();
            series.forEach(each -> each.fieldNames().forEachRemaining(own::add));
            labels.addAll(own);
            Matcher matched = MATCHED.matcher(metric.group(2) == null ? "" : metric.group(2));
            while (matched.find()) {
                assertTrue(
                        own.contains(matched.group(1)),
                        metric.group(1) + " has no label " + matched.group(1) + ": " + own);
            }
        }
        Matcher grouped = GROUPED.matcher(query);
        while (grouped.find()) {
            for (String label : grouped.group(1).split(",\\s*")) {
                assertTrue(labels.contains(label), "nothing in " + query + " has the label " + label + ": " + labels);
            }
        }
    }

    private void awaitSeries(String query) {
        try {
            Awaitility.await(query).atMost(PATIENCE).until(() -> !ask("query", "query=" + encoded(query))
                    .path("data")
                    .path("result")
                    .isEmpty());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(query + " finds nothing; the log: " + log(), e);
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("router.log"))
                    + Files.readString(directory.resolve("prometheus.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private JsonNode ask(String what, String query) {
        URI uri = URI.create(
                "http://127.0.0.1:" + prometheusPort + "/api/v1/" + what + "?" + query.replace("[]", "%5B%5D"));
        try {
            return JSON.readTree(http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body());
        } catch (IOException e) {
            return JSON.createObjectNode(); // not up yet
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
