package dev.presage.router.epp;

import dev.presage.store.tls.SelfSigned;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The ext_proc port's TLS: from files, followed if asked, or self-signed. Owns the thread that follows the files. */
final class Tls implements AutoCloseable {
    private static final int RELOAD_SECONDS = 10;

    private final SslContext context;
    private final @Nullable ScheduledExecutorService reloads;

    private Tls(SslContext context, @Nullable ScheduledExecutorService reloads) {
        this.context = context;
        this.reloads = reloads;
    }

    static Tls of(ListenFlags flags, InstantSource clock) throws IOException, GeneralSecurityException {
        AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
        ScheduledExecutorService reloads = null;
        if (flags.certPath == null) {
            SelfSigned made = SelfSigned.make("presage-epp", List.of("localhost"), clock.instant(), new SecureRandom());
            keys.updateIdentityCredentials(new X509Certificate[] {made.certificate()}, made.key());
        } else {
            var certificate = flags.certPath.resolve("tls.crt").toFile();
            var key = flags.certPath.resolve("tls.key").toFile();
            if (flags.certReload) {
                reloads = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                        .daemon()
                        .name("presage-certificates")
                        .factory());
                keys.updateIdentityCredentials(certificate, key, RELOAD_SECONDS, TimeUnit.SECONDS, reloads);
            } else {
                keys.updateIdentityCredentials(certificate, key);
            }
        }
        SslContextBuilder builder = SslContextBuilder.forServer(keys).protocols(protocols(flags.tlsMinVersion));
        GrpcSslContexts.configure(builder, SslProvider.JDK);
        if (!flags.tlsCipherSuites.isEmpty()) {
            builder.ciphers(flags.tlsCipherSuites);
        }
        return new Tls(builder.build(), reloads);
    }

    /** The JDK has disabled what is older than 1.2, and so it is not offered even when it is asked for. */
    private static List<String> protocols(String minimum) {
        return switch (minimum) {
            case "VersionTLS13" -> List.of("TLSv1.3");
            case "", "VersionTLS10", "VersionTLS11", "VersionTLS12" -> List.of("TLSv1.3", "TLSv1.2");
            default ->
                throw new IllegalArgumentException("--tls-min-version " + minimum
                        + " must be one of VersionTLS10, VersionTLS11, VersionTLS12, VersionTLS13");
        };
    }

    SslContext context() {
        return context;
    }

    @Override
    public void close() {
        if (reloads != null) {
            reloads.shutdownNow();
        }
    }
}
