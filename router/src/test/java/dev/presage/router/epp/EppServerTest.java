package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

class EppServerTest {
    private static final String ENDPOINTS = "endpoints: [{name: a, address: 127.0.0.1, port: 9}]";

    @Test
    void servesOverTlsWithACertificateOfItsOwnAndDrains(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("endpoints.yaml"), ENDPOINTS);
        Path config = Files.writeString(dir.resolve("config.yaml"), """
                apiVersion: llm-d.ai/v1alpha1
                kind: EndpointPickerConfig
                plugins:
                - type: file-discovery
                  parameters: {path: %s}
                dataLayer: {discovery: {pluginRef: file-discovery}}
                """.formatted(file));
        Flags flags = Flags.of("--config-file", config.toString(), "--data-dir", dir.toString());
        try (EppServer server = EppServer.start(flags.serving, flags.fleet, flags.observe)) {
            assertEquals(ServingStatus.SERVING, health(server, ""));
            ProcessingResponse answer = get(server);
            assertEquals(
                    "127.0.0.1:9",
                    answer.getRequestHeaders()
                            .getResponse()
                            .getHeaderMutation()
                            .getSetHeaders(0)
                            .getHeader()
                            .getRawValue()
                            .toStringUtf8());
            server.drain(Duration.ZERO);
            assertEquals(ServingStatus.NOT_SERVING, health(server, "readiness"));
            assertEquals(ServingStatus.SERVING, health(server, "liveness"));
            assertNotNull(get(server), "a draining router still serves");
        }
    }

    @Test
    void isNotReadyWithoutAPool(@TempDir Path dir) throws Exception {
        Flags flags = Flags.of("--secure-serving=false", "--data-dir", dir.toString());
        try (EppServer server = EppServer.start(flags.serving, flags.fleet, flags.observe)) {
            assertEquals(ServingStatus.NOT_SERVING, health(server, "envoy.service.ext_proc.v3.ExternalProcessor"));
        }
    }

    @Test
    void showsItselfOnTheMetricsPort(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("endpoints.yaml"), ENDPOINTS);
        Flags flags =
                Flags.of("--endpoints-file=" + file, "--data-dir", dir.toString(), "--enable-grpc-stream-metrics");
        try (EppServer server = EppServer.start(flags.serving, flags.fleet, flags.observe)) {
            get(server);
            String metrics = page(server, "/metrics");
            assertTrue(metrics.contains("llm_d_epp_request_total{"));
            assertTrue(metrics.contains("inference_objective_request_total{"));
            assertTrue(metrics.contains("llm_d_epp_ready_endpoints{name=\"default\"} 1.0"));
            assertTrue(metrics.contains("llm_d_epp_extproc_streams_inflight"));
            assertTrue(page(server, "/debug/plugins/state").contains("127.0.0.1:9"));
            assertTrue(page(server, "/debug/presage").contains("127.0.0.1:9"));
        }
    }

    private static String page(EppServer server, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.metricsPort() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void takesTheContractsFlagsAndNoOthers() {
        assertEquals(2, run("--no-such-flag"));
        assertEquals(2, run("--kv-cache-usage-percentage-metric=x"));
        assertEquals(2, run("--config-file=a", "--config-text=b"));
        assertEquals(2, run("--drain-timeout=soon"));
        Flags flags = Flags.of(
                "--secure-serving",
                "--tracing=false",
                "-v=4",
                "--pool-name",
                "p",
                "--drain-timeout",
                "1m30s",
                "--grpc-max-recv-msg-size=10MiB",
                "--ha-enable-leader-election");
        assertTrue(flags.serving.secureServing);
        assertEquals(Duration.ofSeconds(90), flags.serving.drainTimeout);
        assertEquals(10 << 20, flags.serving.maxReceived);
        assertEquals("p", flags.fleet.pool());
    }

    static int run(String... args) {
        return new CommandLine(new EppCommand())
                .setErr(new java.io.PrintWriter(java.io.Writer.nullWriter()))
                .execute(args);
    }

    static ServingStatus health(EppServer server, String service) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.healthPort())
                .usePlaintext()
                .build();
        try {
            return HealthGrpc.newBlockingStub(channel)
                    .check(HealthCheckRequest.newBuilder().setService(service).build())
                    .getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    static ProcessingResponse get(EppServer server) throws Exception {
        return answers(server, 1, headers(true, ":path", "/v1/models")).getFirst();
    }

    static ProcessingRequest headers(boolean end, String... pairs) {
        HeaderMap.Builder map = HeaderMap.newBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            map.addHeaders(
                    HeaderValue.newBuilder().setKey(pairs[i]).setRawValue(ByteString.copyFromUtf8(pairs[i + 1])));
        }
        return ProcessingRequest.newBuilder()
                .setRequestHeaders(HttpHeaders.newBuilder().setEndOfStream(end).setHeaders(map))
                .build();
    }

    /** The first answers to these messages, over TLS. */
    static List<ProcessingResponse> answers(EppServer server, int count, ProcessingRequest... messages)
            throws Exception {
        var trustAll = GrpcSslContexts.configure(io.netty.handler.ssl.SslContextBuilder.forClient(), SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.processorPort())
                .sslContext(trustAll)
                .overrideAuthority("localhost")
                .build();
        try {
            BlockingQueue<ProcessingResponse> answers = new LinkedBlockingQueue<>();
            var toRouter = ExternalProcessorGrpc.newStub(channel).process(new StreamObserver<>() {
                @Override
                public void onNext(ProcessingResponse response) {
                    answers.add(response);
                }

                @Override
                public void onError(Throwable cause) {}

                @Override
                public void onCompleted() {}
            });
            for (ProcessingRequest message : messages) {
                toRouter.onNext(message);
            }
            List<ProcessingResponse> all = new ArrayList<>();
            while (all.size() < count) {
                ProcessingResponse answer = answers.poll(20, TimeUnit.SECONDS);
                assertNotNull(answer, () -> "only " + all);
                all.add(answer);
            }
            toRouter.onCompleted();
            return all;
        } finally {
            channel.shutdownNow();
        }
    }

    @CommandLine.Command
    static final class Flags {
        @Mixin
        ServingFlags serving = new ServingFlags();

        @Mixin
        FleetFlags fleet = new FleetFlags();

        @Mixin
        ObserveFlags observe = new ObserveFlags();

        @Mixin
        UnusedFlags unused = new UnusedFlags();

        static Flags of(String... args) {
            Flags flags = new Flags();
            CommandLine line = new CommandLine(flags).setOverwrittenOptionsAllowed(true);
            String[] all = new String[args.length + 4];
            all[0] = "--bind-address=127.0.0.1";
            all[1] = "--grpc-port=0";
            all[2] = "--grpc-health-port=0";
            all[3] = "--metrics-port=0";
            System.arraycopy(args, 0, all, 4, args.length);
            line.parseArgs(all);
            return flags;
        }
    }
}
