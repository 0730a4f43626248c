package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.presage.router.envoy.EnvoyProcess;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
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
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real router process under load is told to stop: no request fails, neither a new one nor one that outlives the drain. */
class DrainIT {
    private static final String AT_ONCE = "at once";

    @Test
    void noRequestFailsWhenTheProcessIsTerminated(@TempDir Path dir) throws Exception {
        try (RouterProcess router = RouterProcess.start(dir, 9)) {
            ManagedChannel gateway = plaintext(router.processorPort());
            ManagedChannel prober = plaintext(router.healthPort());
            try {
                terminate(router, gateway, prober);
            } finally {
                gateway.shutdownNow();
                prober.shutdownNow();
            }
            assertTrue(router.ended(), "the process ends with its last stream");
        }
    }

    /**
     * Requests that a real gateway sends during the drain are served, and replies that are still going when the router has stopped to
     * take requests come through whole.
     */
    @Test
    void requestsThroughEnvoyAreServedDuringTheDrainAndRepliesOutliveIt(@TempDir Path dir) throws Exception {
        Optional<Path> binary = EnvoyProcess.binary();
        assumeTrue(binary.isPresent(), "no Envoy: set -Denvoy.path or ENVOY_PATH");
        CountDownLatch begun = new CountDownLatch(5);
        CountDownLatch finish = new CountDownLatch(1);
        HttpServer engine = engine(begun, finish);
        try (HttpClient client = HttpClient.newBuilder()
                        .sslContext(GatewayCertificate.write(dir))
                        .build();
                RouterProcess router =
                        RouterProcess.start(dir, engine.getAddress().getPort(), "8s");
                EnvoyProcess envoy = EnvoyProcess.start(
                        binary.orElseThrow(),
                        dir,
                        "/envoy-it.yaml",
                        router.processorPort(),
                        "FULL_DUPLEX_STREAMED",
                        "FULL_DUPLEX_STREAMED",
                        0)) {
            HttpRequest request = completion(envoy, "waits");
            HttpRequest during = completion(envoy, AT_ONCE);
            List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                replies.add(client.sendAsync(request, BodyHandlers.ofString()));
            }
            assertTrue(begun.await(30, TimeUnit.SECONDS));
            router.terminate();
            untilNotReady(router);
            for (int i = 0; i < 20; i++) {
                HttpResponse<String> whole = client.send(during, BodyHandlers.ofString());
                assertEquals(200, whole.statusCode());
                assertEquals("data: one\n\ndata: [DONE]\n\n", whole.body());
            }
            router.untilStopping();
            finish.countDown();
            for (CompletableFuture<HttpResponse<String>> reply : replies) {
                HttpResponse<String> whole = reply.get(30, TimeUnit.SECONDS);
                assertEquals(200, whole.statusCode());
                assertEquals("data: one\n\ndata: [DONE]\n\n", whole.body());
            }
            assertTrue(router.ended());
        } finally {
            finish.countDown();
            engine.stop(0);
        }
    }

    private static HttpRequest completion(EnvoyProcess envoy, String prompt) {
        return HttpRequest.newBuilder(envoy.uri("/v1/completions"))
                .POST(BodyPublishers.ofString("{\"model\":\"m\",\"prompt\":\"" + prompt + "\",\"stream\":true}"))
                .build();
    }

    private static void untilNotReady(RouterProcess router) {
        ManagedChannel prober = plaintext(router.healthPort());
        try {
            while (health(prober) == ServingStatus.SERVING) {
                Thread.onSpinWait();
            }
        } finally {
            prober.shutdownNow();
        }
    }

    /** Sends the first event, and the last when told to; to a prompt that asks for it, both at once. */
    private static HttpServer engine(CountDownLatch begun, CountDownLatch finish) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.createContext("/v1/completions", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("content-type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write("data: one\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                if (!body.contains(AT_ONCE)) {
                    begun.countDown();
                    finish.await();
                }
                out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        return server;
    }

    private static void terminate(RouterProcess router, ManagedChannel gateway, ManagedChannel prober)
            throws Exception {
        assertEquals(ServingStatus.SERVING, health(prober));
        List<Exchange> longLived = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            longLived.add(new Exchange(gateway).begin());
        }
        AtomicBoolean drained = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        List<CompletableFuture<Void>> load = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            CompletableFuture<Void> loop = new CompletableFuture<>();
            load.add(loop);
            Thread.ofVirtual().start(() -> requests(gateway, drained, served, loop));
        }
        while (served.get() < 100) {
            Thread.onSpinWait();
        }
        router.terminate();
        while (health(prober) == ServingStatus.SERVING) {
            Thread.onSpinWait();
        }
        int before = served.get();
        while (served.get() < before + 100) {
            Thread.onSpinWait(); // a gateway that has not seen it yet goes on
        }
        drained.set(true);
        for (CompletableFuture<Void> loop : load) {
            loop.get(30, TimeUnit.SECONDS);
        }
        router.untilStopping();
        for (Exchange exchange : longLived) {
            exchange.finish();
        }
    }

    private static void requests(
            ManagedChannel gateway, AtomicBoolean drained, AtomicInteger served, CompletableFuture<Void> loop) {
        try {
            while (!drained.get()) {
                new Exchange(gateway).begin().finish();
                served.incrementAndGet();
            }
            loop.complete(null);
        } catch (Exception | AssertionError e) {
            served.addAndGet(1000); // lets the test go on to report this
            loop.completeExceptionally(e);
        }
    }

    private static ManagedChannel plaintext(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private static ServingStatus health(ManagedChannel prober) {
        return HealthGrpc.newBlockingStub(prober)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    /** One request through the router: begun until it is routed, finished with its reply. */
    private static final class Exchange implements StreamObserver<ProcessingResponse> {
        private final BlockingQueue<ProcessingResponse> answers = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> completed = new CompletableFuture<>();
        private final StreamObserver<ProcessingRequest> router;

        Exchange(ManagedChannel gateway) {
            router = ExternalProcessorGrpc.newStub(gateway).process(this);
        }

        Exchange begin() throws Exception {
            router.onNext(ProcessingRequest.newBuilder()
                    .setRequestHeaders(HttpHeaders.newBuilder()
                            .setHeaders(HeaderMap.newBuilder()
                                    .addHeaders(HeaderValue.newBuilder()
                                            .setKey(":path")
                                            .setRawValue(ByteString.copyFromUtf8("/v1/completions")))))
                    .build());
            router.onNext(ProcessingRequest.newBuilder()
                    .setRequestBody(HttpBody.newBuilder()
                            .setBody(ByteString.copyFromUtf8("{\"model\":\"m\",\"prompt\":\"x\"}"))
                            .setEndOfStream(true))
                    .build());
            assertTrue(next().hasRequestHeaders());
            assertTrue(next().hasRequestBody());
            return this;
        }

        void finish() throws Exception {
            router.onNext(ProcessingRequest.newBuilder()
                    .setResponseHeaders(HttpHeaders.newBuilder().setEndOfStream(true))
                    .build());
            assertTrue(next().hasResponseHeaders());
            router.onCompleted();
            completed.get(30, TimeUnit.SECONDS);
        }

        private ProcessingResponse next() throws Exception {
            ProcessingResponse answer = answers.poll(30, TimeUnit.SECONDS);
            assertNotNull(answer, () -> "no answer" + (completed.isDone() ? ": " + completed : ""));
            return answer;
        }

        @Override
        public void onNext(ProcessingResponse answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable cause) {
            completed.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            completed.complete(null);
        }
    }
}
