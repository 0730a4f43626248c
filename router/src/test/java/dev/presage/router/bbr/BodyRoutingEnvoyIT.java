package dev.presage.router.bbr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.presage.router.envoy.EnvoyProcess;
import dev.presage.router.epp.GatewayCertificate;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real Envoy whose routes match on the header that body-based routing sets; skipped where there is no Envoy. */
class BodyRoutingEnvoyIT {
    @ParameterizedTest
    @CsvSource({"BUFFERED,NONE", "FULL_DUPLEX_STREAMED,FULL_DUPLEX_STREAMED"})
    void routesOnTheModelOfTheBody(String requestMode, String responseMode, @TempDir Path scratch) throws Exception {
        Optional<Path> binary = EnvoyProcess.binary();
        assumeTrue(binary.isPresent(), "no Envoy: set -Denvoy.path or ENVOY_PATH");
        BaseModels bases = new BaseModels();
        bases.declare("test", List.of(new BaseModels.Declaration("llama", List.of("ski"))));
        Server service = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .directExecutor()
                .addService(new BodyRoutingService(bases, false, 1 << 20, BodyRoutingListener.NONE))
                .build()
                .start();
        HttpServer upstream = upstream();
        try (HttpClient client = HttpClient.newBuilder()
                        .sslContext(GatewayCertificate.write(scratch))
                        .build();
                EnvoyProcess envoy = EnvoyProcess.start(
                        binary.orElseThrow(),
                        scratch,
                        "/envoy-bbr.yaml",
                        service.getPort(),
                        requestMode,
                        responseMode,
                        upstream.getAddress().getPort())) {
            String long1 = "{\"prompt\":\"" + "x".repeat(200_000) + "\",\"model\":\"ski\"}";
            assertEquals("llama ski " + long1.length(), post(client, envoy, long1));
            assertEquals("default other 17", post(client, envoy, "{\"model\":\"other\"}"));
            assertEquals("default null 8", post(client, envoy, "not json"));
        } finally {
            service.shutdownNow();
            upstream.stop(0);
        }
    }

    private static String post(HttpClient client, EnvoyProcess envoy, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(envoy.uri("/v1/completions"))
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    /** Answers with the route that was taken, the model in the header, and the length of the body. */
    private static HttpServer upstream() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            int length = exchange.getRequestBody().readAllBytes().length;
            var headers = exchange.getRequestHeaders();
            byte[] reply = (headers.getFirst("x-route") + " " + headers.getFirst("x-gateway-model-name") + " " + length)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, reply.length);
            exchange.getResponseBody().write(reply);
            exchange.close();
        });
        server.start();
        return server;
    }
}
