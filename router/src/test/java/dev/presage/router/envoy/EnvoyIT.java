package dev.presage.router.envoy;

import static dev.presage.router.envoy.EnvoyStand.DUPLEX;
import static dev.presage.router.envoy.EnvoyStand.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.envoy.EnvoyStand.Received;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.Usage;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The router behind a real Envoy, in front of small upstreams; skipped where there is no Envoy. */
class EnvoyIT {
    @TempDir
    Path scratch = Path.of(".");

    @ParameterizedTest
    @CsvSource({
        "HTTP_2," + DUPLEX + "," + DUPLEX,
        "HTTP_1_1," + DUPLEX + "," + DUPLEX,
        "HTTP_1_1,BUFFERED,STREAMED",
        "HTTP_2,BUFFERED,BUFFERED",
        "HTTP_2,BUFFERED_PARTIAL,BUFFERED_PARTIAL"
    })
    void carriesRequestsAndReplies(Version version, String requestMode, String responseMode) throws Exception {
        try (EnvoyStand stand = EnvoyStand.start(scratch, requestMode, responseMode, 1)) {
            document(stand, version);
            events(stand, version);
            longBody(stand, version, requestMode.equals(DUPLEX));
            rewritten(stand, version);
            compressed(stand, version);
            refusal(stand, version);
            bodiless(stand, version);
            emptyPool(stand, version);
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1", "HTTP_2"})
    void routesStreamedBodiesByTheirHeaders(Version version) throws Exception {
        try (EnvoyStand stand = EnvoyStand.start(scratch, "STREAMED", "STREAMED", 1)) {
            String body = "not { json";
            assertEquals(200, stand.post(version, "/v1/completions?doc", body).statusCode());
            assertArrayEquals(
                    body.getBytes(StandardCharsets.UTF_8), await(stand.received).body());
            assertEquals(EndCause.COMPLETED, await(stand.outcomes).cause());
            rewritten(stand, version);
            bodiless(stand, version);
            emptyPool(stand, version);
        }
    }

    @Test
    void obeysTheSubsetHintOfTheGateway() throws Exception {
        try (EnvoyStand stand = EnvoyStand.start(scratch, DUPLEX, DUPLEX, 2)) {
            for (Endpoint endpoint : stand.fleet.endpoints()) {
                stand.get(Version.HTTP_2, "/v1/models", "x-subset", endpoint.address());
                assertEquals(endpoint.address(), await(stand.received).at());
                stand.post(
                        Version.HTTP_2,
                        "/v1/completions",
                        "{\"model\":\"m\",\"prompt\":\"x\"}",
                        "x-subset",
                        "10.0.0.1:80," + endpoint.address());
                assertEquals(endpoint.address(), await(stand.received).at());
            }
            var nobody = stand.get(Version.HTTP_2, "/v1/models", "x-subset", "10.0.0.1:80");
            assertEquals(503, nobody.statusCode());
        }
    }

    @Test
    void carriesFramedCallsWithTheirTrailers() throws Exception {
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus("engine", ServingStatus.SERVING);
        Server backend = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .directExecutor()
                .addService(health.getHealthService())
                .build()
                .start();
        try (EnvoyStand stand = EnvoyStand.start(scratch, DUPLEX, DUPLEX, 1)) {
            stand.fleet.replace(List.of(new Endpoint("default/grpc", "127.0.0.1", backend.getPort(), Map.of())));
            ManagedChannel channel = channel(stand);
            try {
                var request =
                        HealthCheckRequest.newBuilder().setService("engine").build();
                var stub = HealthGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
                assertEquals(ServingStatus.SERVING, stub.check(request).getStatus());
                assertEquals(EndCause.COMPLETED, await(stand.outcomes).cause());
                var watch = stub.watch(request);
                assertEquals(ServingStatus.SERVING, watch.next().getStatus(), "a stream's messages are not held");
                health.enterTerminalState();
                assertEquals(ServingStatus.NOT_SERVING, watch.next().getStatus());
            } finally {
                channel.shutdownNow();
            }
        } finally {
            backend.shutdownNow();
        }
    }

    private static ManagedChannel channel(EnvoyStand stand) throws IOException {
        return NettyChannelBuilder.forAddress("127.0.0.1", stand.envoy.uri("/").getPort())
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .build())
                .overrideAuthority("localhost")
                .build();
    }

    private static void document(EnvoyStand stand, Version version) throws Exception {
        String body = "{ \"model\" : \"m\",\"prompt\":\"h\u00e9llo\",\"n\":12345678901234567890}";
        HttpResponse<String> reply = stand.post(
                version,
                "/v1/completions?doc",
                body,
                "x-llm-d-inference-objective",
                "gold",
                "x-custom",
                "kept",
                "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        assertEquals(200, reply.statusCode());
        assertEquals(version, reply.version());
        assertEquals(
                "true", reply.headers().firstValue("x-went-into-resp-headers").orElse(""));
        assertEquals(EnvoyStand.DOCUMENT, reply.body());
        Received request = await(stand.received);
        assertArrayEquals(body.getBytes(StandardCharsets.UTF_8), request.body());
        assertFalse(request.headers().containsKey("X-llm-d-inference-objective"), "system headers reach the backend");
        assertEquals(List.of("kept"), request.headers().get("X-custom"));
        assertEquals(
                List.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                request.headers().get("Traceparent"));
        assertTrue(request.headers().containsKey("X-request-id"));
        Outcome outcome = await(stand.outcomes);
        assertEquals(EndCause.COMPLETED, outcome.cause());
        assertEquals(new Usage(3, -1, 2), outcome.usage());
    }

    private static void events(EnvoyStand stand, Version version) throws Exception {
        String body = "{\"model\":\"m\",\"prompt\":\"x\",\"stream\":true}";
        HttpResponse<String> reply = stand.post(version, "/v1/completions?sse", body);
        assertEquals(EnvoyStand.EVENTS, reply.body());
        await(stand.received);
        Outcome outcome = await(stand.outcomes);
        assertEquals(EndCause.COMPLETED, outcome.cause());
        assertNotNull(outcome.ttftMs());
        assertEquals(2, outcome.usage().outputTokens());
    }

    private static void longBody(EnvoyStand stand, Version version, boolean unbounded) throws Exception {
        int length = unbounded ? 20_000_000 : 500_000;
        String body = "{\"model\":\"m\",\"prompt\":\"" + "z".repeat(length) + "\"}";
        assertEquals(200, stand.post(version, "/v1/completions?doc", body).statusCode());
        assertArrayEquals(
                body.getBytes(StandardCharsets.UTF_8), await(stand.received).body());
        assertEquals(
                (length + 3) / 4,
                await(stand.outcomes).decision().candidates().request().promptTokens());
    }

    private static void rewritten(EnvoyStand stand, Version version) throws Exception {
        String body = "{\"n\":12345678901234567890, \"model\" :\"client-name\",\"stream\":true,\"prompt\":\"\u00e9\"}";
        for (String path : List.of("/v1/completions?doc", "/v1/completions?sse")) {
            HttpResponse<String> reply = stand.post(
                    version, path, body, "content-type", "application/json", "x-llm-d-model-name-rewrite", "target");
            String expected = path.endsWith("sse") ? EnvoyStand.EVENTS : EnvoyStand.DOCUMENT;
            assertEquals(expected.replace("target", "client-name"), reply.body());
            assertEquals(
                    body.replace("client-name", "target"),
                    new String(await(stand.received).body(), StandardCharsets.UTF_8));
            assertEquals(EndCause.COMPLETED, await(stand.outcomes).cause());
        }
    }

    private static void compressed(EnvoyStand stand, Version version) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write("{\"model\":\"m\",\"prompt\":\"x\"}".getBytes(StandardCharsets.UTF_8));
        }
        byte[] body = bytes.toByteArray();
        HttpResponse<String> reply = stand.post(version, "/v1/completions?doc", body, "content-encoding", "gzip");
        assertEquals(200, reply.statusCode());
        Received request = await(stand.received);
        assertArrayEquals(body, request.body());
        assertEquals(List.of("gzip"), request.headers().get("Content-encoding"));
        await(stand.outcomes);
    }

    private static void refusal(EnvoyStand stand, Version version) throws Exception {
        HttpResponse<String> reply = stand.post(version, "/v1/completions", "no healthy upstream");
        assertEquals(400, reply.statusCode());
        assertEquals(
                "inference error: BadRequest - error unmarshaling request bodyMap: "
                        + "invalid character 'o' in literal null (expecting 'u')",
                reply.body());
    }

    private static void bodiless(EnvoyStand stand, Version version) throws Exception {
        assertEquals(200, stand.get(version, "/v1/models?doc").statusCode());
        assertEquals("/v1/models?doc", await(stand.received).path());
        assertEquals(EndCause.COMPLETED, await(stand.outcomes).cause());
    }

    private static void emptyPool(EnvoyStand stand, Version version) throws Exception {
        stand.fleet.replace(List.of());
        String body = "{\"model\":\"m\",\"prompt\":\"x\"}";
        for (HttpResponse<String> reply :
                List.of(stand.get(version, "/v1/models"), stand.post(version, "/v1/completions", body))) {
            assertEquals(503, reply.statusCode());
            assertEquals(
                    "rejected-no-endpoints",
                    reply.headers().firstValue("x-llm-d-request-dropped-reason").orElse(""));
            assertEquals(
                    "inference error: ServiceUnavailable - "
                            + "failed to find endpoint candidates for serving the request",
                    reply.body());
        }
    }
}
