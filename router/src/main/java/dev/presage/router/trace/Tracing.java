package dev.presage.router.trace;

import dev.presage.router.observe.RoutingListener;
import dev.presage.router.plugin.Plugin;
import dev.presage.router.plugin.PluginWatch;
import io.grpc.ServerInterceptor;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spans of one router, configured by OpenTelemetry's environment variables. Made by the composition root; thread-safe. Spans wait
 * in a bounded queue for a thread of the SDK and are dropped when it is full, so that an exporter that is down costs nothing.
 */
public final class Tracing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);
    private static final String EXPORTER = "OTEL_TRACES_EXPORTER";
    private static final long LAST_SPANS_SECONDS = 2;

    /** What holds for a variable that is not set; the sampler is the contract's. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "llm-d-epp",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none",
            "otel.traces.sampler", "parentbased_traceidratio",
            "otel.traces.sampler.arg", "0.1");

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;

    private Tracing(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
        this.tracer = sdk.getTracer("dev.presage.router");
    }

    /**
     * Starts tracing if the environment names an exporter, or where to send spans to; an environment that cannot be understood is
     * logged and traces nothing.
     *
     * @param environment variables by name
     */
    public static Optional<Tracing> start(Map<String, String> environment) {
        String exporter = exporter(environment);
        if (exporter.equals("none")) {
            return Optional.empty();
        }
        Map<String, String> properties = new HashMap<>(DEFAULTS);
        environment.forEach((name, value) -> {
            if (name.startsWith("OTEL_") && !value.isBlank()) {
                properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        properties.put("otel.traces.exporter", exporter);
        if (environment.getOrDefault("OTEL_RESOURCE_ATTRIBUTES", "").contains("service.name=")
                && !environment.containsKey("OTEL_SERVICE_NAME")) {
            properties.remove("otel.service.name");
        }
        try {
            Tracing tracing = new Tracing(AutoConfiguredOpenTelemetrySdk.builder()
                    .disableShutdownHook()
                    .addPropertiesCustomizer(read -> properties)
                    .build()
                    .getOpenTelemetrySdk());
            LOG.info("traces go to {}", exporter);
            return Optional.of(tracing);
        } catch (RuntimeException e) {
            LOG.warn("no traces: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static String exporter(Map<String, String> environment) {
        String named = environment.getOrDefault(EXPORTER, "").trim();
        if (!named.isEmpty()) {
            return named;
        }
        boolean addressed = environment.containsKey("OTEL_EXPORTER_OTLP_ENDPOINT")
                || environment.containsKey("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        return addressed ? "otlp" : "none";
    }

    /** Opens and ends the span of each ext_proc stream and carries its context on. */
    public ServerInterceptor streams() {
        return new StreamSpans(tracer, sdk.getPropagators().getTextMapPropagator());
    }

    /** Tells the span of its decision and outcome; {@code epochNanos} is nanoseconds since 1970. */
    public RoutingListener routing(LongSupplier epochNanos) {
        return new DecisionSpans(tracer, epochNanos);
    }

    /**
     * Tells the span of what filters and scorers did.
     *
     * @param types the configured names of plugins, by identity
     */
    public PluginWatch plugins(Map<Plugin, String> types, LongSupplier epochNanos) {
        return new PluginSteps(types, epochNanos);
    }

    /** Sends what is queued, for at most two seconds. */
    @Override
    public void close() {
        sdk.getSdkTracerProvider().shutdown().join(LAST_SPANS_SECONDS, TimeUnit.SECONDS);
    }
}
