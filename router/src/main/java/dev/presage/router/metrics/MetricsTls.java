package dev.presage.router.metrics;

import dev.presage.store.tls.Authorities;
import io.grpc.util.AdvancedTlsX509KeyManager;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the metrics port: {@code tls.crt} and {@code tls.key} of a directory, read again as they change; with a file of authorities,
 * only their clients. Owns the thread that reads again.
 */
public final class MetricsTls implements AutoCloseable {
    private static final int RELOAD_SECONDS = 10;

    private final SSLContext context;
    private final boolean asksClients;
    private final ScheduledExecutorService reloads;

    private MetricsTls(SSLContext context, boolean asksClients, ScheduledExecutorService reloads) {
        this.context = context;
        this.asksClients = asksClients;
        this.reloads = reloads;
    }

    /** Reads the files; {@code clientAuthorities} (PEM) may be null, then any client may connect. */
    public static MetricsTls of(Path directory, @Nullable Path clientAuthorities)
            throws IOException, GeneralSecurityException {
        ScheduledExecutorService reloads = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .daemon()
                .name("presage-metrics-certificates")
                .factory());
        try {
            AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
            keys.updateIdentityCredentials(
                    directory.resolve("tls.crt").toFile(),
                    directory.resolve("tls.key").toFile(),
                    RELOAD_SECONDS,
                    TimeUnit.SECONDS,
                    reloads);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {keys},
                    clientAuthorities == null ? null : Authorities.managers(clientAuthorities),
                    null);
            return new MetricsTls(context, clientAuthorities != null, reloads);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            reloads.shutdownNow();
            throw e;
        }
    }

    SSLContext context() {
        return context;
    }

    boolean asksClients() {
        return asksClients;
    }

    @Override
    public void close() {
        reloads.shutdownNow();
    }
}
