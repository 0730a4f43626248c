package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.cli.Presage;
import dev.presage.router.discovery.kubernetes.ApiServer;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The arguments, configuration and environment that llm-d's chart gives its endpoint picker are taken as they are. */
class LlmdDeploymentTest {
    private static final String CONFIG = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: prefix-cache-scorer
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: queue-scorer
            weight: 2
          - pluginRef: kv-cache-utilization-scorer
            weight: 2
          - pluginRef: prefix-cache-scorer
            weight: 3
        """;

    @TempDir
    Path directory;

    @Test
    void thePoolIsServedWithTheSameArguments() throws Exception {
        Path config = Files.writeString(directory.resolve("default-plugins.yaml"), CONFIG);
        List<String> pod = new ArrayList<>(List.of(
                "--pool-name",
                "chat",
                "--pool-namespace",
                ApiServer.NAMESPACE,
                "--pool-group",
                "inference.networking.k8s.io",
                "--zap-encoder",
                "json",
                "--config-file",
                config.toString(),
                "--ha-enable-leader-election",
                "--grpc-health-port",
                "0", // 9003 in the chart
                "--v=2",
                "--tracing=false",
                "--metrics-endpoint-auth=false"));
        List<String> command = new ArrayList<>(List.of("epp"));
        command.addAll(pod);
        Presage.commandLine().parseArgs(command.toArray(String[]::new));
        try (ApiServer server = new ApiServer()) {
            server.servePools().pool("{app: llm}", 8000).pod("a", "10.0.0.1");
            pod.addAll(List.of("--kubeconfig", kubeconfig(directory, server), "--data-dir", directory.toString()));
            EppServerTest.Flags flags = EppServerTest.Flags.of(pod.toArray(String[]::new));
            try (EppServer router = EppServer.start(flags.serving, flags.fleet, flags.observe)) {
                await(router);
                assertEquals(ServingStatus.SERVING, EppServerTest.health(router, "liveness"));
                assertTrue(EppServerTest.get(router).hasRequestHeaders());
            }
        }
    }

    @Test
    void thePredictorsEnvironmentIsNamedAndNotNeeded() {
        List<String> warnings = UnusedEnvironment.warnings(Map.of(
                "TRAINING_SERVER_URL", "http://localhost:8000",
                "PREDICTION_SERVER_URL", "http://localhost:8001",
                "LATENCY_MAX_SAMPLE_SIZE", "10000",
                "NAMESPACE", "team",
                "OTEL_SERVICE_NAME", "llm-d-router/epp"));
        assertEquals(1, warnings.size());
        assertTrue(
                warnings.getFirst().startsWith("LATENCY_MAX_SAMPLE_SIZE, PREDICTION_SERVER_URL, TRAINING_SERVER_URL"));
    }

    static String kubeconfig(Path directory, ApiServer server) throws Exception {
        return Files.writeString(directory.resolve("kubeconfig"), """
            apiVersion: v1
            kind: Config
            clusters: [{name: here, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: me, user: {token: secret}}]
            contexts: [{name: here, context: {cluster: here, user: me}}]
            current-context: here
            """.formatted(server.port()))
                .toString();
    }

    static void await(EppServer router) {
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (EppServerTest.health(router, "readiness") != ServingStatus.SERVING) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never ready");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
