package dev.presage.router.epp;

import dev.presage.router.metrics.MetricsTls;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of what the router shows of itself. */
final class ObserveFlags {
    @Option(
            names = "--metrics-port",
            defaultValue = "9090",
            description = "Prometheus and admin port (${DEFAULT-VALUE})")
    int metricsPort;

    @Option(names = "--metrics-cert-dir", description = "directory of tls.crt and tls.key; plaintext without it")
    @Nullable
    Path metricsCertificates;

    @Option(names = "--metrics-client-ca-file", description = "authorities of the clients of the metrics port")
    @Nullable
    Path metricsClientAuthorities;

    @Option(
            names = "--enable-grpc-stream-metrics",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "extproc_ metrics")
    boolean streamMetrics;

    @Option(
            names = "--tracing",
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true",
            description = "spans, if OTEL_TRACES_EXPORTER or an OTLP endpoint is set (${DEFAULT-VALUE})")
    boolean tracing;

    @Option(
            names = "--enable-pprof",
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true",
            description = "profiles at /debug/jfr?seconds=N, as flight recordings (${DEFAULT-VALUE})")
    boolean profiles;

    /** Of the metrics port, null for plaintext. */
    @Nullable
    MetricsTls metricsTls() throws IOException {
        if (metricsCertificates == null) {
            if (metricsClientAuthorities != null) {
                throw new IllegalArgumentException("--metrics-client-ca-file needs --metrics-cert-dir");
            }
            return null;
        }
        try {
            return MetricsTls.of(metricsCertificates, metricsClientAuthorities);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use the certificate in " + metricsCertificates + ": " + e.getMessage(), e);
        }
    }
}
