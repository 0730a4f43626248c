package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.presage.router.discovery.kubernetes.ApiServer;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesEppTest {
    private static final String PROCESSOR = "envoy.service.ext_proc.v3.ExternalProcessor";

    @TempDir
    Path directory;

    private final ApiServer server = new ApiServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void refusesUntilThePoolIsKnownAndThenRoutesToAPod() throws Exception {
        try (EppServer router = start("--pool-name=chat")) {
            assertEquals(ServingStatus.NOT_SERVING, EppServerTest.health(router, PROCESSOR));
            assertEquals(
                    503,
                    EppServerTest.get(router)
                            .getImmediateResponse()
                            .getStatus()
                            .getCode()
                            .getNumber());
            server.servePools().pool("{app: llm}", 8000).pod("a", "10.0.0.1");
            await(router, PROCESSOR, ServingStatus.SERVING);
            assertEquals("10.0.0.1:8000", destination(EppServerTest.get(router)));
            assertEquals(ServingStatus.SERVING, EppServerTest.health(router, "any-name"));
            assertEquals(ServingStatus.SERVING, EppServerTest.health(router, "liveness"));
        }
    }

    @Test
    void objectivesAndRewritesOfThePoolAreObeyed() throws Exception {
        server.servePools().serveRules().pool("{app: llm}", 8000).pod("a", "10.0.0.1");
        server.objective("gold", 2).rewrite("renamed", "model-to-be-rewritten", "rewritten-model");
        try (EppServer router = start("--pool-name=chat", "--metrics-endpoint-auth=false")) {
            await(router, PROCESSOR, ServingStatus.SERVING);
            String body = "{\"model\":\"model-to-be-rewritten\",\"prompt\":\"x\"}";
            var answers = EppServerTest.answers(
                    router,
                    2,
                    EppServerTest.headers(false, ":path", "/v1/completions", "x-llm-d-inference-objective", "gold"),
                    ProcessingRequest.newBuilder()
                            .setRequestBody(HttpBody.newBuilder()
                                    .setBody(ByteString.copyFromUtf8(body))
                                    .setEndOfStream(true))
                            .build());
            assertEquals("10.0.0.1:8000", destination(answers.getFirst()));
            assertEquals(
                    body.replace("model-to-be-rewritten", "rewritten-model"),
                    ContractCasesTest.requestBody(answers.getLast()).getBody().toStringUtf8());
            String page = metrics(router.metricsPort()).body();
            String sample =
                    "llm_d_epp_request_running{fairness_id=\"default-flow\",model_name=\"model-to-be-rewritten\","
                            + "priority=\"2\",target_model_name=\"rewritten-model\"}";
            assertTrue(page.contains(sample), page);
            assertTrue(page.contains("inference_pool_ready_pods{name=\"chat\"} 1.0"), page);
            assertTrue(page.contains("llm_d_epp_model_rewrite_decisions_total{"), page);
        }
    }

    @Test
    void onlyTheLeaderIsReadyAndDrainingHandsOver() throws Exception {
        server.servePools().pool("{app: llm}", 8000).pod("a", "10.0.0.1");
        try (EppServer first = start("--pool-name=chat", "--ha-enable-leader-election")) {
            await(first, "readiness", ServingStatus.SERVING);
            try (EppServer second = start("--pool-name=chat", "--ha-enable-leader-election")) {
                assertEquals(ServingStatus.NOT_SERVING, EppServerTest.health(second, ""));
                assertEquals(ServingStatus.SERVING, EppServerTest.health(second, "liveness"));
                assertEquals(ServingStatus.SERVICE_UNKNOWN, EppServerTest.health(second, "any-name"));
                first.drain(Duration.ZERO);
                assertEquals(ServingStatus.NOT_SERVING, EppServerTest.health(first, ""));
                await(second, "", ServingStatus.SERVING);
                assertEquals("10.0.0.1:8000", destination(EppServerTest.get(first)), "a draining router still serves");
            }
        }
    }

    @Test
    void theMetricsPageAsksTheServerWhoReadsIt() throws Exception {
        server.recordings()
                .expect()
                .post()
                .withPath("/apis/authentication.k8s.io/v1/tokenreviews")
                .andReturn(201, """
                        {"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","spec":{},
                        "status":{"authenticated":true,"user":{"username":"prometheus"}}}""")
                .always();
        server.recordings()
                .expect()
                .post()
                .withPath("/apis/authorization.k8s.io/v1/subjectaccessreviews")
                .andReturn(201, """
                        {"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","spec":{},
                        "status":{"allowed":true}}""")
                .always();
        try (EppServer router = start("--pool-name=chat")) {
            assertEquals(401, metrics(router.metricsPort()).statusCode());
            HttpResponse<String> page = metrics(router.metricsPort(), "Authorization", "Bearer prometheus");
            assertEquals(200, page.statusCode());
            assertTrue(page.body().contains("presage_discovery_loads_total"));
        }
        try (EppServer router = start("--pool-name=chat", "--metrics-endpoint-auth=false")) {
            assertEquals(200, metrics(router.metricsPort()).statusCode());
        }
    }

    @Test
    void anEndpointsFileNeedsNoServer() throws Exception {
        Path file = Files.writeString(
                directory.resolve("endpoints.yaml"), "endpoints: [{name: a, address: 127.0.0.1, port: 9}]");
        try (EppServer router = start("--pool-name=chat", "--endpoints-file=" + file)) {
            assertEquals(ServingStatus.SERVING, EppServerTest.health(router, ""));
            assertEquals("127.0.0.1:9", destination(EppServerTest.get(router)));
            assertEquals(200, metrics(router.metricsPort()).statusCode());
        }
        assertEquals(List.of(), server.requests());
    }

    @Test
    void flagsThatExcludeOrNeedEachOtherAreRefused() {
        assertEquals(2, EppServerTest.run("--pool-name=chat", "--endpoint-selector=app=llm"));
        assertEquals(2, EppServerTest.run("--endpoint-selector=app=llm", "--endpoint-target-ports=8000"));
        assertEquals(2, EppServerTest.run("--endpoint-target-ports=8000"));
        assertEquals(2, EppServerTest.run("--pool-name=chat", "--pool-group=example.com"));
    }

    private EppServer start(String... args) throws Exception {
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: here, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: me, user: {token: secret}}]
                contexts: [{name: here, context: {cluster: here, user: me}}]
                current-context: here
                """.formatted(server.port()));
        List<String> all = new ArrayList<>(List.of(
                "--kubeconfig=" + kubeconfig, "--pool-namespace=" + ApiServer.NAMESPACE, "--data-dir=" + directory));
        all.addAll(List.of(args));
        EppServerTest.Flags flags = EppServerTest.Flags.of(all.toArray(String[]::new));
        return EppServer.start(flags.serving, flags.fleet, flags.observe);
    }

    private static void await(EppServer router, String service, ServingStatus status) {
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (EppServerTest.health(router, service) != status) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never " + status);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static String destination(ProcessingResponse answer) {
        return answer.getRequestHeaders().getResponse().getHeaderMutation().getSetHeadersList().stream()
                .filter(header -> header.getHeader().getKey().equals("x-gateway-destination-endpoint"))
                .map(header -> header.getHeader().getRawValue().toStringUtf8())
                .findFirst()
                .orElse("none");
    }

    private static HttpResponse<String> metrics(int port, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
