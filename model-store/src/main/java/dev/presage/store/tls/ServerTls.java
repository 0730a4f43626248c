package dev.presage.store.tls;

import io.grpc.util.AdvancedTlsX509KeyManager;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/**
 * A server's TLS from a certificate chain and its key (PEM files), read again as they change: within a minute, for new connections. Owns the
 * thread that reads again.
 */
public final class ServerTls implements AutoCloseable {
    private static final int RELOAD_MINUTES = 1;

    private final SSLContext context;
    private final ScheduledExecutorService reloads;

    private ServerTls(SSLContext context, ScheduledExecutorService reloads) {
        this.context = context;
        this.reloads = reloads;
    }

    /** Reads the files; throws when they are missing, no PEM, or do not belong together. */
    public static ServerTls of(Path certificate, Path key) throws IOException {
        return of(
                certificate,
                key,
                Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                        .daemon()
                        .name("presage-store-certificates")
                        .factory()));
    }

    static ServerTls of(Path certificate, Path key, ScheduledExecutorService reloads) throws IOException {
        try {
            AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
            keys.updateIdentityCredentials(
                    certificate.toFile(), key.toFile(), RELOAD_MINUTES, TimeUnit.MINUTES, reloads);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, null, null);
            return new ServerTls(context, reloads);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            reloads.shutdownNow();
            throw new IOException("no TLS with " + certificate + " and " + key + ": " + e.getMessage(), e);
        }
    }

    public SSLContext context() {
        return context;
    }

    @Override
    public void close() {
        reloads.shutdownNow();
    }
}
