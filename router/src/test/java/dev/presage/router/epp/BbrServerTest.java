package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BbrServerTest {
    @Test
    void servesTheThreePortsAndDrains(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve("map.yaml"), "data: {baseModel: llama, adapters: '[ski]'}");
        BbrFlags flags = flags(
                "--bind-address=127.0.0.1",
                "--grpc-port=0",
                "--grpc-health-port=0",
                "--metrics-port=0",
                "--secure-serving=false",
                "--streaming",
                "--tracing=false",
                "-v=4",
                "--config-map=" + dir);
        try (BbrServer server = BbrServer.start(flags)) {
            assertEquals(ServingStatus.SERVING, health(server));
            assertEquals(
                    "llama",
                    route(server)
                            .getRequestHeaders()
                            .getResponse()
                            .getHeaderMutation()
                            .getSetHeaders(1)
                            .getHeader()
                            .getRawValue()
                            .toStringUtf8());
            assertTrue(page(server).contains("bbr_success_total 1.0"));
            server.drain(Duration.ZERO);
            assertEquals(ServingStatus.NOT_SERVING, health(server));
            assertTrue(route(server).hasRequestHeaders(), "it serves on");
        }
    }

    @Test
    void hasThePortsOfTheContract() {
        BbrFlags flags = flags();
        assertEquals(9004, flags.grpcPort);
        assertEquals(9005, flags.healthPort);
        assertEquals(9090, flags.metricsPort);
        assertTrue(flags.secureServing);
    }

    private static BbrFlags flags(String... args) {
        BbrCommandLine parsed = new BbrCommandLine();
        new CommandLine(parsed).parseArgs(args);
        return parsed.flags;
    }

    @CommandLine.Command
    private static final class BbrCommandLine {
        @CommandLine.Mixin
        BbrFlags flags = new BbrFlags();
    }

    private static ProcessingResponse route(BbrServer server) throws Exception {
        ManagedChannel channel = plaintext(server.processorPort());
        try {
            BlockingQueue<ProcessingResponse> answers = new LinkedBlockingQueue<>();
            var envoy = ExternalProcessorGrpc.newStub(channel).process(new StreamObserver<>() {
                @Override
                public void onNext(ProcessingResponse answer) {
                    answers.add(answer);
                }

                @Override
                public void onError(Throwable cause) {}

                @Override
                public void onCompleted() {}
            });
            envoy.onNext(ProcessingRequest.newBuilder()
                    .setRequestHeaders(HttpHeaders.getDefaultInstance())
                    .build());
            envoy.onNext(ProcessingRequest.newBuilder()
                    .setRequestBody(HttpBody.newBuilder()
                            .setBody(ByteString.copyFromUtf8("{\"model\":\"ski\"}"))
                            .setEndOfStream(true))
                    .build());
            ProcessingResponse first = answers.poll(30, TimeUnit.SECONDS);
            envoy.onCompleted();
            return Objects.requireNonNull(first, "no answer in 30 s");
        } finally {
            channel.shutdownNow();
        }
    }

    private static ServingStatus health(BbrServer server) {
        ManagedChannel channel = plaintext(server.healthPort());
        try {
            return HealthGrpc.newBlockingStub(channel)
                    .check(HealthCheckRequest.getDefaultInstance())
                    .getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    private static ManagedChannel plaintext(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private static String page(BbrServer server) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.metricsPort() + "/metrics");
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}
