package dev.presage.router.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.presage.router.EndpointPicker;
import dev.presage.router.config.RouterConfig;
import dev.presage.router.envoy.ExtProcListener;
import dev.presage.router.envoy.ExtProcService;
import dev.presage.router.envoy.ExtProcSettings;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String PROMPT = "tell nobody";
    private static final Endpoint ALONE = new Endpoint("ns/a-rank-0", "10.0.0.1", 8000, Map.of());

    @ParameterizedTest
    @ValueSource(strings = {"grpc", "http/protobuf"})
    void spansReachTheCollectorUnderTheClientsTrace(String protocol) throws Exception {
        try (OtlpSink sink = new OtlpSink()) {
            List<ProcessingResponse> answers;
            try (Tracing tracing = started(Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint(protocol), "OTEL_EXPORTER_OTLP_PROTOCOL", protocol))) {
                answers = exchange(tracing, "00-" + TRACE + "-" + PARENT + "-01");
            }
            Map<String, OtlpSink.Received> spans = new HashMap<>();
            while (spans.size() < 4) {
                OtlpSink.Received span = sink.spans.poll(30, TimeUnit.SECONDS);
                assertNotNull(span, () -> "only " + spans.keySet());
                spans.put(span.name(), span);
            }
            OtlpSink.Received request = spans.get("gateway.request");
            assertNotNull(request);
            assertEquals("llm-d-epp", request.service());
            assertEquals(PARENT, request.parent());
            assertEquals("m", request.attributes().get("gen_ai.request.model"));
            assertEquals("10.0.0.1:8000", request.attributes().get("llm_d.endpoint"));
            assertEquals(200L, request.attributes().get("http.response.status_code"));
            OtlpSink.Received orchestration = spans.get("gateway.request_orchestration");
            assertNotNull(orchestration);
            assertEquals(request.id(), orchestration.parent());
            OtlpSink.Received scoring = spans.get("llm_d.epp.scoring");
            assertNotNull(scoring);
            assertEquals("fleet-lmetric", scoring.attributes().get("presage.policy"));
            assertTrue(spans.values().stream().allMatch(span -> span.trace().equals(TRACE)));
            assertFalse(spans.toString().contains(PROMPT), "no prompt in a span");
            assertEquals(List.of("00-" + TRACE + "-" + request.id() + "-01"), upstream(answers));
        }
    }

    @Test
    void filtersAndScorersHaveSpansOfTheirOwn() throws Exception {
        String text = """
                apiVersion: llm-d.ai/v1alpha1
                kind: EndpointPickerConfig
                plugins:
                - {type: decode-filter}
                - {type: prefill-filter}
                - {type: queue-scorer}
                - {type: kv-cache-utilization-scorer}
                - {type: disagg-profile-handler}
                - {type: always-disagg-pd-decider}
                schedulingProfiles:
                - {name: decode, plugins: [{pluginRef: decode-filter}, {pluginRef: queue-scorer}]}
                - {name: prefill, plugins: [{pluginRef: prefill-filter}, {pluginRef: kv-cache-utilization-scorer}]}
                """;
        RouterConfig config = RouterConfig.parse("c", text, false);
        List<Endpoint> pool =
                List.of(ALONE, new Endpoint("ns/b-rank-0", "10.0.0.2", 8000, Map.of("llm-d.ai/role", "prefill")));
        try (OtlpSink sink = new OtlpSink()) {
            try (Tracing tracing = started(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint("grpc")))) {
                Scheduler scheduler =
                        config.scheduler(tracing.plugins(config.pluginTypes(), () -> 1_000_000_000_000_000_000L));
                exchange(tracing, scheduler, pool, "00-" + TRACE + "-" + PARENT + "-01");
                exchange(tracing, scheduler, pool, "00-" + TRACE + "-" + PARENT + "-00");
            }
            List<OtlpSink.Received> spans = List.copyOf(sink.spans);
            assertEquals(1, named(spans, "gateway.request").size(), "one of the two was sampled");
            OtlpSink.Received orchestration =
                    named(spans, "gateway.request_orchestration").getFirst();
            List<OtlpSink.Received> profiles = named(spans, "run_scheduler_profile");
            assertEquals(
                    Set.of("decode", "prefill"),
                    profiles.stream()
                            .map(span -> span.attributes().get("llm_d.profile"))
                            .collect(Collectors.toSet()));
            assertTrue(profiles.stream().allMatch(span -> span.parent().equals(orchestration.id())));
            OtlpSink.Received filter = named(spans, "filter_endpoints").stream()
                    .filter(span -> "decode-filter".equals(span.attributes().get("llm_d.plugin")))
                    .findFirst()
                    .orElseThrow();
            assertEquals(2L, filter.attributes().get("llm_d.candidates"));
            assertEquals(1L, filter.attributes().get("llm_d.candidates.left"));
            assertEquals(profile(profiles, "decode").id(), filter.parent());
            OtlpSink.Received scoring = named(spans, "llm_d.epp.scoring").stream()
                    .filter(span ->
                            span.parent().equals(profile(profiles, "decode").id()))
                    .findFirst()
                    .orElseThrow();
            assertEquals("heuristic", scoring.attributes().get("presage.policy"));
            assertEquals(
                    scoring.id(),
                    named(spans, "llm_d.epp.scorer.queue-scorer").getFirst().parent());
            assertEquals(
                    1,
                    named(spans, "llm_d.epp.scorer.kv-cache-utilization-scorer").size());
            OtlpSink.Received split = named(spans, "prepare_disaggregation").getFirst();
            assertEquals("10.0.0.2:8000", split.attributes().get("llm_d.x-prefiller-host-port"));
        }
    }

    private static OtlpSink.Received profile(List<OtlpSink.Received> profiles, String name) {
        return profiles.stream()
                .filter(span -> name.equals(span.attributes().get("llm_d.profile")))
                .findFirst()
                .orElseThrow();
    }

    private static List<OtlpSink.Received> named(List<OtlpSink.Received> spans, String name) {
        return spans.stream().filter(span -> span.name().equals(name)).toList();
    }

    @Test
    void whatIsNotSampledSaysSoToTheEngineAndIsNotSent() throws Exception {
        try (OtlpSink sink = new OtlpSink()) {
            try (Tracing tracing = started(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint("grpc")))) {
                List<String> carried = upstream(exchange(tracing, "00-" + TRACE + "-" + PARENT + "-00"));
                assertEquals(1, carried.size());
                assertTrue(carried.getFirst().startsWith("00-" + TRACE), carried.toString());
                assertTrue(carried.getFirst().endsWith("-00"), carried.toString());
            }
            assertEquals(0, sink.spans.size());
        }
    }

    @Test
    void anExporterThatIsDownFailsNoRequest() throws Exception {
        try (Tracing tracing = started(Map.of(
                "OTEL_TRACES_EXPORTER", "otlp",
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1",
                "OTEL_TRACES_SAMPLER", "always_on"))) {
            for (int i = 0; i < 20; i++) {
                assertTrue(exchange(tracing, "").getLast().hasResponseBody());
            }
        }
    }

    @Test
    void nothingIsTracedUnlessConfigured() {
        assertTrue(Tracing.start(Map.of()).isEmpty());
        assertTrue(Tracing.start(Map.of("OTEL_TRACES_EXPORTER", "none", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://x:1"))
                .isEmpty());
        assertTrue(Tracing.start(Map.of("OTEL_TRACES_EXPORTER", "no-such-exporter"))
                .isEmpty());
        assertTrue(Tracing.start(Map.of("OTEL_TRACES_EXPORTER", "console")).isPresent());
    }

    private static Tracing started(Map<String, String> environment) {
        return Tracing.start(environment).orElseThrow();
    }

    private static List<String> upstream(List<ProcessingResponse> answers) {
        return answers.getFirst().getRequestHeaders().getResponse().getHeaderMutation().getSetHeadersList().stream()
                .map(HeaderValueOption::getHeader)
                .filter(header -> header.getKey().equals("traceparent"))
                .map(header -> header.getRawValue().toStringUtf8())
                .toList();
    }

    /** A whole request through a traced router. */
    private static List<ProcessingResponse> exchange(Tracing tracing, String traceparent) throws Exception {
        return exchange(tracing, Ladder.DEFAULT, List.of(ALONE), traceparent);
    }

    private static List<ProcessingResponse> exchange(
            Tracing tracing, Scheduler scheduler, List<Endpoint> endpoints, String traceparent) throws Exception {
        Fleet fleet = new Fleet();
        fleet.replace(endpoints);
        EndpointPicker picker = new EndpointPicker(
                fleet,
                new ApproximatePrefixIndex(1 << 16),
                scheduler,
                List.of(tracing.routing(() -> 1_000_000_000_000_000_000L)),
                System::nanoTime,
                InstantSource.system(),
                () -> new Random(1),
                Duration.ofSeconds(1));
        ExtProcService service = new ExtProcService(
                picker, ExtProcSettings.DEFAULT, ExtProcListener.NONE, System::nanoTime, () -> "generated");
        String name = InProcessServerBuilder.generateName();
        Server server = InProcessServerBuilder.forName(name)
                .directExecutor()
                .addService(ServerInterceptors.interceptForward(service, tracing.streams()))
                .build()
                .start();
        ManagedChannel channel =
                InProcessChannelBuilder.forName(name).directExecutor().build();
        List<ProcessingResponse> answers = new ArrayList<>();
        DefaultEventLoop loop = new DefaultEventLoop();
        try {
            StreamObserver<ProcessingRequest> envoy = ExternalProcessorGrpc.newStub(channel)
                    .process(new StreamObserver<>() {
                        @Override
                        public void onNext(ProcessingResponse answer) {
                            answers.add(answer);
                        }

                        @Override
                        public void onError(Throwable t) {}

                        @Override
                        public void onCompleted() {}
                    });
            // On an event loop, as behind a real transport: what is seen of the reply is told behind its echo.
            loop.submit(() -> {
                        envoy.onNext(ProcessingRequest.newBuilder()
                                .setRequestHeaders(HttpHeaders.newBuilder()
                                        .setHeaders(HeaderMap.newBuilder()
                                                .addHeaders(header(":path", "/v1/completions"))
                                                .addHeaders(header("traceparent", traceparent))))
                                .build());
                        envoy.onNext(ProcessingRequest.newBuilder()
                                .setRequestBody(HttpBody.newBuilder()
                                        .setBody(ByteString.copyFromUtf8(
                                                "{\"model\":\"m\",\"prompt\":\"" + PROMPT + "\"}"))
                                        .setEndOfStream(true))
                                .build());
                        envoy.onNext(ProcessingRequest.newBuilder()
                                .setResponseHeaders(HttpHeaders.newBuilder()
                                        .setHeaders(HeaderMap.newBuilder()
                                                .addHeaders(header(":status", "200"))
                                                .addHeaders(header("content-type", "text/event-stream"))))
                                .build());
                        envoy.onNext(ProcessingRequest.newBuilder()
                                .setResponseBody(HttpBody.newBuilder().setEndOfStream(true))
                                .build());
                    })
                    .get();
            loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
            envoy.onCompleted();
            return answers;
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            channel.shutdownNow();
            server.shutdownNow();
        }
    }

    private static HeaderValue header(String key, String value) {
        return HeaderValue.newBuilder()
                .setKey(key)
                .setRawValue(ByteString.copyFromUtf8(value))
                .build();
    }
}
