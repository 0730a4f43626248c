package dev.presage.router.epp;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpTrailers;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/**
 * A whole router over its real ports, spoken to as Envoy would: the flags are parsed, the endpoints come from a file, their
 * metrics from {@link EngineStub}s.
 */
final class LiveRouter implements AutoCloseable {
    /** The scorers of the contract's cases, each with weight 1. */
    static final String SCORERS = """
            - type: queue-scorer
            - type: kv-cache-utilization-scorer
            - type: prefix-cache-scorer
            - type: lora-affinity-scorer
            - type: max-score-picker
            """;

    private static final Pattern TYPE = Pattern.compile("type: ([a-z-]+)");

    private final EppServer server;
    private final ManagedChannel channel;
    private final List<EngineStub> engines;

    private LiveRouter(EppServer server, List<EngineStub> engines) {
        this.server = server;
        this.engines = engines;
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.processorPort())
                .usePlaintext()
                .build();
    }

    /** A router in front of the engines, which it has scraped. */
    static LiveRouter start(Path directory, List<EngineStub> engines, String... flags)
            throws IOException, GeneralSecurityException, InterruptedException {
        return start("", "", directory, engines, flags);
    }

    /** The same with more in its configuration file. */
    static LiveRouter configured(String more, Path directory, List<EngineStub> engines, String... flags)
            throws IOException, GeneralSecurityException, InterruptedException {
        return start("", more, directory, engines, flags);
    }

    /** The same with more plugins, one a line, as YAML mappings; all of them are in the profile. */
    static LiveRouter with(String plugins, Path directory, List<EngineStub> engines, String... flags)
            throws IOException, GeneralSecurityException, InterruptedException {
        return start(plugins, "", directory, engines, flags);
    }

    /** The same with a configuration of its own, in which {@code $ENDPOINTS} is the endpoints' file. */
    static LiveRouter of(String config, Path directory, List<EngineStub> engines, String... flags)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path file = Files.writeString(
                directory.resolve("config.yaml"),
                config.replace("$ENDPOINTS", endpoints(directory, engines).toString()));
        return start(file, directory, engines, flags);
    }

    private static Path endpoints(Path directory, List<EngineStub> engines) throws IOException {
        return Files.writeString(
                directory.resolve("endpoints.yaml"),
                engines.stream().map(EngineStub::yaml).collect(Collectors.joining(", ", "endpoints: [", "]")));
    }

    private static LiveRouter start(
            String plugins, String more, Path directory, List<EngineStub> engines, String... flags)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path endpoints = endpoints(directory, engines);
        Path config = Files.writeString(directory.resolve("config.yaml"), config(endpoints, plugins) + more);
        return start(config, directory, engines, flags);
    }

    private static LiveRouter start(Path config, Path directory, List<EngineStub> engines, String... flags)
            throws IOException, GeneralSecurityException, InterruptedException {
        Flags parsed = new Flags();
        List<String> all = new ArrayList<>(List.of(
                "--bind-address=127.0.0.1",
                "--grpc-port=0",
                "--grpc-health-port=0",
                "--metrics-port=0",
                "--secure-serving=false",
                "--data-dir=" + directory,
                "--config-file=" + config));
        all.addAll(Arrays.asList(flags));
        new CommandLine(parsed).parseArgs(all.toArray(String[]::new));
        LiveRouter router = new LiveRouter(EppServer.start(parsed.serving, parsed.fleet, parsed.observe), engines);
        for (EngineStub engine : engines) {
            engine.awaitScraped();
        }
        return router;
    }

    private static String config(Path endpoints, String more) {
        String profile = SCORERS.lines()
                .map(line -> "  - pluginRef: " + line.substring(line.indexOf(':') + 2)
                        + (line.endsWith("scorer") ? "\n    weight: 1" : ""))
                .collect(Collectors.joining("\n"));
        for (String line : more.lines().toList()) {
            profile += "\n  - pluginRef: "
                    + TYPE.matcher(line).results().findFirst().orElseThrow().group(1);
        }
        return """
                apiVersion: llm-d.ai/v1alpha1
                kind: EndpointPickerConfig
                plugins:
                %s%s- type: openai-parser
                - type: vllmgrpc-parser
                - type: passthrough-parser
                - type: file-discovery
                  parameters: {path: %s}
                schedulingProfiles:
                - name: default
                  plugins:
                %s
                requestHandler:
                  parsers: [{pluginRef: openai-parser}, {pluginRef: vllmgrpc-parser}, {pluginRef: passthrough-parser}]
                dataLayer: {discovery: {pluginRef: file-discovery}}
                """.formatted(
                        SCORERS,
                        more.lines().map(line -> "- " + line + "\n").collect(Collectors.joining()),
                        endpoints,
                        profile);
    }

    EngineStub engine(int number) {
        return engines.get(number);
    }

    int processorPort() {
        return server.processorPort();
    }

    int metricsPort() {
        return server.metricsPort();
    }

    /** What {@code /metrics} says. */
    String metricsPage() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI page = URI.create("http://127.0.0.1:" + metricsPort() + "/metrics");
            return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    Stream open() {
        return new Stream(ExternalProcessorGrpc.newStub(channel));
    }

    /** Its messages are compressed. */
    Stream openCompressed() {
        return new Stream(ExternalProcessorGrpc.newStub(channel).withCompression("gzip"));
    }

    /** The process ends; the client's connection stays. */
    void stop() {
        server.close();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
        engines.forEach(EngineStub::close);
    }

    /** One HTTP request as Envoy would carry it. */
    final class Stream implements StreamObserver<ProcessingResponse> {
        private final BlockingQueue<ProcessingResponse> answers = new LinkedBlockingQueue<>();
        private final CountDownLatch over = new CountDownLatch(1);
        private final StreamObserver<ProcessingRequest> toRouter;
        private @Nullable Metadata metadata;

        private Stream(ExternalProcessorGrpc.ExternalProcessorStub stub) {
            toRouter = stub.process(this);
        }

        /** The gateway admits these endpoints only; says so on every message. */
        Stream subset(String... addresses) {
            ListValue.Builder list = ListValue.newBuilder();
            for (String address : addresses) {
                list.addValues(Value.newBuilder().setStringValue(address));
            }
            return metadata(
                    "envoy.lb.subset_hint",
                    "x-gateway-destination-endpoint-subset",
                    Value.newBuilder().setListValue(list).build());
        }

        Stream metadata(String namespace, String key, Value value) {
            metadata = Metadata.newBuilder()
                    .putFilterMetadata(
                            namespace, Struct.newBuilder().putFields(key, value).build())
                    .build();
            return this;
        }

        Stream requestHeaders(boolean end, String... pairs) {
            return send(ProcessingRequest.newBuilder().setRequestHeaders(headers(end, pairs)));
        }

        Stream requestBody(String body, boolean end) {
            return requestBody(ByteString.copyFromUtf8(body), end);
        }

        Stream requestBody(ByteString body, boolean end) {
            return send(ProcessingRequest.newBuilder()
                    .setRequestBody(HttpBody.newBuilder().setBody(body).setEndOfStream(end)));
        }

        Stream responseHeaders(boolean end, String... pairs) {
            return send(ProcessingRequest.newBuilder().setResponseHeaders(headers(end, pairs)));
        }

        Stream responseBody(String body, boolean end) {
            return responseBody(ByteString.copyFromUtf8(body), end);
        }

        Stream responseBody(ByteString body, boolean end) {
            return send(ProcessingRequest.newBuilder()
                    .setResponseBody(HttpBody.newBuilder().setBody(body).setEndOfStream(end)));
        }

        Stream responseTrailers() {
            return send(ProcessingRequest.newBuilder().setResponseTrailers(HttpTrailers.getDefaultInstance()));
        }

        private Stream send(ProcessingRequest.Builder message) {
            if (metadata != null) {
                message.setMetadataContext(metadata);
            }
            toRouter.onNext(message.build());
            return this;
        }

        /** Whether anything came back that was not taken yet. */
        boolean answered() {
            return !answers.isEmpty();
        }

        /** The next answer, within half a minute. */
        ProcessingResponse answer() throws InterruptedException {
            ProcessingResponse answer = answers.poll(30, TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError("no answer");
            }
            return answer;
        }

        /** Envoy gives the stream up. */
        void cancel() {
            toRouter.onError(new IllegalStateException("reset by the gateway"));
        }

        /** The next {@code count} answers, and that they are all. */
        List<ProcessingResponse> answers(int count) throws InterruptedException {
            List<ProcessingResponse> all = new ArrayList<>();
            while (all.size() < count) {
                ProcessingResponse answer = answers.poll(30, TimeUnit.SECONDS);
                if (answer == null) {
                    throw new AssertionError("only " + all.size() + " answers: " + all);
                }
                all.add(answer);
            }
            toRouter.onCompleted();
            if (!over.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("the router keeps the stream open");
            }
            if (!answers.isEmpty()) {
                throw new AssertionError("more than " + count + " answers: " + answers);
            }
            return all;
        }

        @Override
        public void onNext(ProcessingResponse answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable cause) {
            over.countDown();
        }

        @Override
        public void onCompleted() {
            over.countDown();
        }
    }

    private static HttpHeaders headers(boolean end, String... pairs) {
        HeaderMap.Builder map = HeaderMap.newBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            map.addHeaders(
                    HeaderValue.newBuilder().setKey(pairs[i]).setRawValue(ByteString.copyFromUtf8(pairs[i + 1])));
        }
        return HttpHeaders.newBuilder().setHeaders(map).setEndOfStream(end).build();
    }

    @CommandLine.Command
    private static final class Flags {
        @Mixin
        ServingFlags serving = new ServingFlags();

        @Mixin
        FleetFlags fleet = new FleetFlags();

        @Mixin
        ObserveFlags observe = new ObserveFlags();

        @Mixin
        UnusedFlags unused = new UnusedFlags();
    }
}
