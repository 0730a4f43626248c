package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.presage.router.EndpointPicker;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pool.PoolRules;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.prefix.PrefixIndex;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpTrailers;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProtocolConfiguration;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A router over in-process gRPC on one thread: what is sent is answered before the call returns. */
final class ExtProcHarness implements AutoCloseable {
    final Fleet fleet = new Fleet();
    final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    final List<Decision.Routed> decisions = new ArrayList<>();
    final List<Outcome> outcomes = new ArrayList<>();
    final List<String> faults = new ArrayList<>();
    final List<Long> overLimit = new ArrayList<>();
    final List<String> rewritten = new ArrayList<>();
    final List<Integer> answered = new ArrayList<>();
    final ExtProcService service;
    PoolRules rules = PoolRules.NONE;
    private final Server server;
    private final ManagedChannel channel;

    ExtProcHarness() throws IOException {
        this(ExtProcSettings.DEFAULT, new ApproximatePrefixIndex(1 << 20));
    }

    ExtProcHarness(ExtProcSettings settings, PrefixIndex prefixes) throws IOException {
        AtomicInteger ids = new AtomicInteger();
        EndpointPicker picker = new EndpointPicker(
                fleet,
                prefixes,
                Ladder.DEFAULT,
                List.of(new Recorder()),
                nanos::get,
                () -> Instant.ofEpochMilli(nanos.get() / 1_000_000),
                () -> new Random(7),
                Duration.ofSeconds(5));
        service = new ExtProcService(
                picker,
                settings,
                new Faults(),
                nanos::get,
                () -> "generated-" + ids.incrementAndGet(),
                () -> rules,
                () -> new Random(7));
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name)
                .directExecutor()
                .addService(service)
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    }

    /** Endpoints 192.168.1.1:8000 and on; each load is how many requests wait there. */
    void pool(int... waiting) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < waiting.length; i++) {
            endpoints.add(new Endpoint("default/pod-" + i + "-rank-0", "192.168.1." + (i + 1), 8000, Map.of()));
        }
        fleet.replace(endpoints);
        for (int i = 0; i < waiting.length; i++) {
            fleet.signals(
                    endpoints.get(i).id(), new EngineSignals(waiting[i], 0, 0.1, 16, 1000, Set.of(), nanos.get()));
        }
    }

    Stream open() {
        return new Stream(null);
    }

    /** A stream of an Envoy that sends bodies like this. */
    Stream open(BodySendMode request, BodySendMode response) {
        return new Stream(ProtocolConfiguration.newBuilder()
                .setRequestBodyMode(request)
                .setResponseBodyMode(response)
                .build());
    }

    ManagedChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    /** One HTTP request as Envoy would carry it. */
    final class Stream {
        final List<ProcessingResponse> answers = new ArrayList<>();
        boolean completed;
        boolean failed;
        private @Nullable ProtocolConfiguration config;

        Stream(@Nullable ProtocolConfiguration config) {
            this.config = config;
        }

        private final StreamObserver<ProcessingResponse> fromRouter = new StreamObserver<>() {
            @Override
            public void onNext(ProcessingResponse answer) {
                answers.add(answer);
            }

            @Override
            public void onError(Throwable cause) {
                failed = true;
            }

            @Override
            public void onCompleted() {
                completed = true;
            }
        };

        final StreamObserver<ProcessingRequest> toRouter =
                ExternalProcessorGrpc.newStub(channel).process(fromRouter);

        Stream send(ProcessingRequest.Builder message) {
            if (config != null) {
                message.setProtocolConfig(config);
                config = null;
            }
            toRouter.onNext(message.build());
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

        Stream requestTrailers() {
            return send(ProcessingRequest.newBuilder().setRequestTrailers(HttpTrailers.getDefaultInstance()));
        }

        Stream responseHeaders(boolean end, String... pairs) {
            return send(ProcessingRequest.newBuilder().setResponseHeaders(headers(end, pairs)));
        }

        Stream responseBody(String body, boolean end) {
            return send(ProcessingRequest.newBuilder()
                    .setResponseBody(HttpBody.newBuilder()
                            .setBody(ByteString.copyFromUtf8(body))
                            .setEndOfStream(end)));
        }

        /** The gateway tells which endpoint answered. */
        Stream servedBy(String address, boolean end, String... pairs) {
            Struct lb = Struct.newBuilder()
                    .putFields(
                            "x-gateway-destination-endpoint-served",
                            Value.newBuilder().setStringValue(address).build())
                    .build();
            return send(ProcessingRequest.newBuilder()
                    .setMetadataContext(Metadata.newBuilder().putFilterMetadata("envoy.lb", lb))
                    .setResponseHeaders(headers(end, pairs)));
        }

        Stream responseTrailers() {
            return send(ProcessingRequest.newBuilder().setResponseTrailers(HttpTrailers.getDefaultInstance()));
        }

        /** A completion request as the contract's cases send it. */
        Stream complete(String body) {
            return requestHeaders(false, "hi", "mom", "x-request-id", "test-request-id", ":path", "/v1/completions")
                    .requestBody(body, true);
        }

        ProcessingResponse last() {
            return answers.getLast();
        }

        /** All reply body bytes that came back. */
        String echoedReply() {
            ByteString all = ByteString.EMPTY;
            for (ProcessingResponse answer : answers) {
                all = all.concat(answer.getResponseBody()
                        .getResponse()
                        .getBodyMutation()
                        .getStreamedResponse()
                        .getBody());
            }
            return all.toStringUtf8();
        }

        /** All request body bytes that came back. */
        ByteString echoedRequest() {
            ByteString all = ByteString.EMPTY;
            for (ProcessingResponse answer : answers) {
                if (answer.hasRequestBody()) {
                    all = all.concat(answer.getRequestBody()
                            .getResponse()
                            .getBodyMutation()
                            .getStreamedResponse()
                            .getBody());
                }
            }
            return all;
        }
    }

    static HttpHeaders headers(boolean end, String... pairs) {
        HeaderMap.Builder map = HeaderMap.newBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            map.addHeaders(
                    HeaderValue.newBuilder().setKey(pairs[i]).setRawValue(ByteString.copyFromUtf8(pairs[i + 1])));
        }
        return HttpHeaders.newBuilder().setHeaders(map).setEndOfStream(end).build();
    }

    private final class Recorder implements RoutingListener {
        @Override
        public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
            decisions.add(decision);
        }

        @Override
        public void answered(Decision.Routed decision, String servedBy, int httpStatus, long sentNanos) {
            answered.add(httpStatus);
        }

        @Override
        public void ended(Outcome outcome) {
            outcomes.add(outcome);
        }
    }

    private final class Faults implements ExtProcListener {
        @Override
        public void fault(String place, Throwable cause) {
            faults.add(place);
        }

        @Override
        public void rewritten(String rule, String model, String target) {
            rewritten.add(rule + ": " + model + " -> " + target);
        }

        @Override
        public void bodyOverLimit(long bytes) {
            overLimit.add(bytes);
        }
    }
}
