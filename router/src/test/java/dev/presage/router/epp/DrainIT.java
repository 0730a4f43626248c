package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
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
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real router process under load is told to stop: no request fails, neither a new one nor one that outlives the drain. */
class DrainIT {
    private static final Pattern PORTS =
            Pattern.compile("serving ext_proc on 127\\.0\\.0\\.1:(\\d+) .* health on (\\d+)");

    @Test
    void noRequestFailsWhenTheProcessIsTerminated(@TempDir Path dir) throws Exception {
        Path endpoints =
                Files.writeString(dir.resolve("endpoints.yaml"), "endpoints: [{name: a, address: 127.0.0.1, port: 9}]");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dlogback.configurationFile=logback.xml", // not the tests', which says nothing
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.presage.cli.Presage",
                        "epp",
                        "--bind-address=127.0.0.1",
                        "--grpc-port=0",
                        "--grpc-health-port=0",
                        "--metrics-port=0",
                        "--secure-serving=false",
                        "--drain-timeout=2s",
                        "--endpoints-file=" + endpoints,
                        "--data-dir=" + dir)
                .redirectErrorStream(true)
                .start();
        Log log = new Log(process);
        try {
            Matcher ports = log.until(PORTS);
            ManagedChannel gateway = plaintext(Integer.parseInt(ports.group(1)));
            ManagedChannel prober = plaintext(Integer.parseInt(ports.group(2)));
            try {
                terminate(process, log, gateway, prober);
            } finally {
                gateway.shutdownNow();
                prober.shutdownNow();
            }
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the process ends with its last stream");
        } finally {
            process.destroyForcibly();
        }
    }

    private static void terminate(Process process, Log log, ManagedChannel gateway, ManagedChannel prober)
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
        process.toHandle().destroy(); // SIGTERM; the process's own destroy would close its log too
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
        log.until(Pattern.compile("stopping, open streams have"));
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

    /** What the process says, line by line. */
    private static final class Log {
        private static final String END = "end of log";

        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final StringBuilder seen = new StringBuilder();

        Log(Process process) {
            Thread.ofVirtual().start(() -> {
                try (var reader =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                    reader.lines().forEach(lines::add);
                } catch (java.io.IOException e) {
                    lines.add(e.toString());
                } finally {
                    lines.add(END);
                }
            });
        }

        Matcher until(Pattern wanted) throws InterruptedException {
            while (true) {
                String line = lines.poll(60, TimeUnit.SECONDS);
                if (line == null || line.equals(END)) {
                    throw new AssertionError(wanted + " not in\n" + seen);
                }
                seen.append(line).append('\n');
                Matcher matcher = wanted.matcher(line);
                if (matcher.find()) {
                    return matcher;
                }
            }
        }
    }
}
