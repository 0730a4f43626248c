package dev.presage.router.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.presage.router.EndpointPicker;
import dev.presage.router.Routing;
import dev.presage.router.envoy.ExtProcListener;
import dev.presage.router.envoy.ExtProcService;
import dev.presage.router.envoy.ExtProcSettings;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.flow.BandSettings;
import dev.presage.router.flow.Ceilings;
import dev.presage.router.flow.Claim;
import dev.presage.router.flow.FlowControl;
import dev.presage.router.flow.FlowListener;
import dev.presage.router.flow.FlowOutcome;
import dev.presage.router.flow.FlowSettings;
import dev.presage.router.flow.Limits;
import dev.presage.router.flow.PoolSaturation;
import dev.presage.router.model.Bundles;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Ladder;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.admit.Admission;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.program.ProgramBook;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.bundle.VerifiedBundle;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
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
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page of a router after real streams, against the contract's list. */
class ContractMetricsTest {
    private static final Pattern SAMPLE = Pattern.compile("([a-z_0-9]+)(?:\\{(.*)})? .*");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
    private static final String NAME = InProcessServerBuilder.generateName();

    private static final InferenceRequest REQUEST =
            new InferenceRequest("r", "c", "m", "n", Api.CHAT, 100, new long[] {1}, 10, true, 0, Map.of());
    private static final Claim CLAIM = new Claim("f", 0, 500, 1, 0, 0, 100, 0);

    private final RouterMetrics metrics = new RouterMetrics("0.1.0", "abc");
    private final Fleet fleet = new Fleet();
    private final AtomicLong nanos = new AtomicLong(1);
    private final ApproximatePrefixIndex prefixes = new ApproximatePrefixIndex(1 << 16);
    private final EndpointPicker picker = new EndpointPicker(
            fleet,
            prefixes,
            Ladder.DEFAULT,
            metrics.routing(),
            nanos::get,
            () -> Instant.ofEpochMilli(Bundles.TRAINED_AT_MS),
            () -> new Random(1),
            Duration.ofSeconds(1));
    private final Server server = InProcessServerBuilder.forName(NAME)
            .directExecutor()
            .addService(ServerInterceptors.interceptForward(
                    new ExtProcService(
                            picker, ExtProcSettings.DEFAULT, ExtProcListener.NONE, nanos::get, () -> "generated"),
                    metrics.streams(true, nanos::get)))
            .build();
    private final ManagedChannel channel =
            InProcessChannelBuilder.forName(NAME).directExecutor().build();

    @BeforeEach
    void serve() throws IOException {
        server.start();
        fleet.replace(List.of(
                new Endpoint("default/a-rank-0", "10.0.0.1", 8000, Map.of("accelerator", "h100")),
                new Endpoint("default/b-rank-0", "10.0.0.2", 8000, Map.of("accelerator", "h100"))));
        fleet.signals("default/a-rank-0", new EngineSignals(2, 1, 0.2, 16, 100, Set.of(), 1));
        fleet.signals("default/b-rank-0", new EngineSignals(6, 3, 0.4, 16, 100, Set.of(), 1));
        metrics.watch(fleet, "pool");
        metrics.watch(prefixes);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
        metrics.close();
    }

    @Test
    void everyMetricOfTheContractIsThereWithItsTypeAndLabels() throws IOException {
        exchange();
        predicted(Map.of("x-slo-ttft-ms", "1", "x-llm-d-slo-tpot-ms", "1000"));
        metrics.rewritten("rule", "m", "n");
        metrics.refused("m", 0, "BadRequest");
        metrics.notScheduled();
        queued();
        Map<String, String> page = declared(metrics.page());
        for (String line : golden()) {
            String[] row = line.split(" ");
            assertEquals(row[1] + " " + row[2], page.get(row[0]), row[0]);
        }
    }

    /** A request that waits, one that has waited and one that was refused. */
    private FlowListener queued() {
        FlowListener flow = metrics.flow("pool");
        FlowControl control = new FlowControl(
                new FlowSettings(
                        Limits.NONE,
                        FlowSettings.TTL,
                        FlowSettings.TTL,
                        Map.of(0, BandSettings.DEFAULT),
                        BandSettings.DEFAULT,
                        BandSettings.DEFAULT,
                        Ceilings.NONE,
                        false),
                fleet,
                ticket -> picker.round(ticket.request(), endpoint -> true, LatencySettings.DEFAULT),
                Admission.DEFAULT,
                nanos::get,
                flow,
                new ProgramBook(nanos::get));
        metrics.watch(control, "utilization-detector", () -> new PoolSaturation(Map.of("decode", 0.5), 0));
        flow.entered(REQUEST, CLAIM, 1_000);
        flow.entered(REQUEST, CLAIM, 1_000);
        flow.left(REQUEST, CLAIM, FlowOutcome.DISPATCHED, 2_000_000);
        flow.refused(REQUEST, CLAIM, FlowOutcome.REJECTED_CAPACITY, 1_000);
        flow.cycled(1_000);
        return flow;
    }

    @Test
    void whatWaitsIsCountedByFlow() {
        FlowListener flow = queued();
        String labels =
                "{fairness_id=\"f\",inference_pool=\"pool\",model_name=\"m\",priority=\"0\",target_model_name=\"n\"}";
        assertSample("llm_d_epp_flow_control_queue_size" + labels + " 1.0");
        assertSample("inference_extension_flow_control_queue_bytes" + labels + " 500.0");
        assertSample("llm_d_epp_flow_control_requests_total{inference_pool=\"pool\",outcome=\"RejectedCapacity\","
                + "priority=\"0\"} 1.0");
        flow.left(REQUEST, CLAIM, FlowOutcome.EVICTED_TTL, 2_000_000);
        assertTrue(metrics.page()
                .lines()
                .noneMatch(line -> line.startsWith("llm_d_epp_flow_control_queue_size{") && line.contains("\"f\"")));
    }

    @Test
    void theListIsTheDeclarationsAndNoMore() throws IOException {
        TreeSet<String> declared = new TreeSet<>();
        for (ContractMetric metric : ContractMetric.all()) {
            declared.add(metric.pageName());
            metric.twin().ifPresent(twin -> declared.add(twin.name()));
        }
        TreeSet<String> listed = new TreeSet<>();
        golden().forEach(line -> listed.add(line.split(" ")[0]));
        assertEquals(listed, declared);
    }

    @Test
    void streamsAreMeasuredFromOutside() {
        exchange();
        String r = "{fairness_id=\"default-flow\",model_name=\"m\",priority=\"0\",target_model_name=\"m\"}";
        assertSample("llm_d_epp_request_size_bytes_sum" + r + " 26.0");
        assertSample("llm_d_epp_response_size_bytes_sum" + r + " 13.0");
        assertSample("llm_d_epp_extproc_streams_total{code=\"OK\"} 1.0");
        assertSample("llm_d_epp_extproc_streams_inflight 0.0");
        assertSample("llm_d_epp_request_processing_duration_seconds_count 1");
        assertSample("llm_d_epp_response_processing_duration_seconds_count 1");
        assertSample("inference_objective_request_sizes_sum{model_name=\"m\",target_model_name=\"m\"} 26.0");
    }

    @Test
    void aTwinIsTheSumOverTheLabelsThatItLacks() {
        predicted(Map.of("x-llm-d-inference-fairness-id", "one"));
        predicted(Map.of("x-gateway-inference-fairness-id", "two"));
        assertSample("llm_d_epp_request_total{fairness_id=\"one\",model_name=\"m\",priority=\"0\","
                + "target_model_name=\"n\"} 1.0");
        assertSample("llm_d_epp_request_total{fairness_id=\"two\",model_name=\"m\",priority=\"0\","
                + "target_model_name=\"n\"} 1.0");
        assertSample("inference_objective_request_total{model_name=\"m\",priority=\"0\",target_model_name=\"n\"} 2.0");
        assertSample("inference_objective_request_duration_seconds_count{model_name=\"m\",target_model_name=\"n\"} 2");
        assertSample("inference_objective_request_duration_seconds_bucket{model_name=\"m\",target_model_name=\"n\","
                + "le=\"0.6\"} 2");
        assertSample("inference_pool_per_pod_queue_size{model_server_pod=\"b-rank-0\",name=\"pool\"} 6.0");
        assertSample("llm_d_epp_std_dev_queue_size{name=\"pool\"} 2.0");
        assertSample("llm_d_epp_request_streaming_itl_seconds_count{fairness_id=\"one\",model_name=\"m\","
                + "priority=\"0\",target_model_name=\"n\"} 1");
    }

    @Test
    void objectivesThatAreMissedAreCounted() {
        predicted(Map.of("x-slo-ttft-ms", "1", "x-slo-tpot-ms", "not a number"));
        String labels = "model_name=\"m\",plugin_name=\"predicted-latency-producer\","
                + "plugin_type=\"predicted-latency-producer\",target_model_name=\"n\"";
        assertSample("llm_d_epp_request_slo_violation_total{" + labels + ",type=\"ttft\"} 1.0");
        assertSample("llm_d_epp_request_slo_violation_total{" + labels + ",type=\"tpot\"} 0.0");
        assertSample("llm_d_epp_inference_request_metric{" + labels + ",type=\"ttft\"} 0.3");
    }

    @Test
    void inFlightIsCountedByEndpointAndEnds() {
        Routing.Started started = started(Map.of());
        String chosen = EndpointLoad.name(started.decision().endpoint().id());
        String at =
                "{endpoint_name=\"" + chosen + "\",fairness_id=\"default-flow\",namespace=\"default\",priority=\"0\","
                        + "producer_name=\"inflight-load-producer\"}";
        assertSample("llm_d_epp_inflight_requests" + at + " 1.0");
        assertSample("llm_d_epp_inflight_tokens" + at + " 100.0");
        started.exchange().end(EndCause.CLIENT_DISCONNECT);
        assertSample("llm_d_epp_inflight_requests" + at + " 0.0");
    }

    @Test
    void whatAClientCanCombineIsBounded() {
        for (int i = 0; i < 3000; i++) {
            started(Map.of("x-llm-d-inference-fairness-id", "flow-" + i))
                    .exchange()
                    .end(EndCause.CLIENT_DISCONNECT);
        }
        long series = metrics.page()
                .lines()
                .filter(line -> line.startsWith("llm_d_epp_request_total{"))
                .count();
        assertEquals(1001, series);
        Series<Integer, String> bounded = new Series<>(2, -1, key -> "made " + key);
        assertEquals("made 1", bounded.of(1));
        assertEquals("made 2", bounded.of(2));
        assertEquals("made -1", bounded.of(3));
        assertEquals("made 1", bounded.of(1));
    }

    @Test
    void aMeterCannotHaveOtherLabelsThanDeclared() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        assertThrows(IllegalArgumentException.class, () -> RequestMetric.REQUESTS.counter(registry, "model", "m"));
    }

    /** Through gRPC: a request and its reply. */
    private void exchange() {
        StreamObserver<ProcessingRequest> envoy = ExternalProcessorGrpc.newStub(channel)
                .process(new StreamObserver<>() {
                    @Override
                    public void onNext(ProcessingResponse value) {}

                    @Override
                    public void onError(Throwable t) {}

                    @Override
                    public void onCompleted() {}
                });
        envoy.onNext(ProcessingRequest.newBuilder()
                .setRequestHeaders(headers(":path", "/v1/completions"))
                .build());
        envoy.onNext(ProcessingRequest.newBuilder()
                .setRequestBody(body("{\"model\":\"m\",\"prompt\":\"x\"}"))
                .build());
        envoy.onNext(ProcessingRequest.newBuilder()
                .setResponseHeaders(headers(":status", "200"))
                .build());
        envoy.onNext(ProcessingRequest.newBuilder()
                .setResponseBody(body("{\"usage\":{}}\n"))
                .build());
        envoy.onCompleted();
    }

    private static HttpHeaders headers(String key, String value) {
        return HttpHeaders.newBuilder()
                .setHeaders(HeaderMap.newBuilder()
                        .addHeaders(HeaderValue.newBuilder().setKey(key).setRawValue(ByteString.copyFromUtf8(value))))
                .build();
    }

    private static HttpBody body(String text) {
        return HttpBody.newBuilder()
                .setBody(ByteString.copyFromUtf8(text))
                .setEndOfStream(true)
                .build();
    }

    private Routing.Started started(Map<String, String> headers) {
        InferenceRequest request =
                new InferenceRequest("r", "c", "m", "n", Api.CHAT, 100, new long[] {1}, 10, true, 0, headers);
        if (picker.route(request, endpoint -> true) instanceof Routing.Started started) {
            return started;
        }
        throw new AssertionError("refused");
    }

    /** A request that the model decides, with a streamed reply of half a second. */
    private void predicted(Map<String, String> headers) {
        if (new BundleReader(TrustPolicy.anyone())
                        .verify(Bundles.archive("p", 1).bytes())
                instanceof VerifiedBundle bundle) {
            picker.serve(new ServingModel(
                    bundle.id().value(), bundle.predictor(), Instant.ofEpochMilli(Bundles.TRAINED_AT_MS)));
        }
        long start = nanos.get();
        Routing.Started started = started(headers);
        started.exchange().responseStarted(200, true);
        started.exchange().streamedTokens(1, start + 300_000_000);
        started.exchange().streamedTokens(10, start + 500_000_000);
        started.exchange().usage(new Usage(100, 64, 11));
        nanos.addAndGet(500_000_000);
        started.exchange().end(EndCause.COMPLETED);
    }

    private static List<String> golden() throws IOException {
        try (InputStream in = ContractMetricsTest.class.getResourceAsStream("/contract-metrics.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    /** Type and labels by name, as a page shows them. */
    private static Map<String, String> declared(String page) {
        Map<String, String> types = new HashMap<>();
        Map<String, String> all = new TreeMap<>();
        for (String line : page.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                String[] type = line.split(" ");
                types.put(type[2], type[3]);
            }
            Matcher sample = SAMPLE.matcher(line);
            if (line.startsWith("#") || !sample.matches()) {
                continue;
            }
            String name = sample.group(1);
            String family = name.endsWith("_count") && types.containsKey(name.substring(0, name.length() - 6))
                    ? name.substring(0, name.length() - 6)
                    : name;
            if (types.containsKey(family)) {
                TreeSet<String> labels = new TreeSet<>();
                Matcher label = LABEL.matcher(Objects.requireNonNullElse(sample.group(2), ""));
                while (label.find()) {
                    labels.add(label.group(1));
                }
                all.put(family, types.get(family) + " " + (labels.isEmpty() ? "-" : String.join(",", labels)));
            }
        }
        return all;
    }

    private void assertSample(String line) {
        String page = metrics.page();
        assertTrue(page.lines().anyMatch(line::equals), () -> line + " not in\n" + page);
    }
}
