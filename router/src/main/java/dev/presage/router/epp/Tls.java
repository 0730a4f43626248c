package dev.presage.router.epp;

import dev.presage.store.tls.SelfSigned;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ext_proc port's TLS: from files, followed if asked, or self-signed. Owns the thread that follows the files. */
final class Tls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    /** Older connections' suites are the operator's choice, those of TLS 1.3 are not. */
    private static final List<String> TLS_13 =
            List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

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
            keys.updateIdentityCredentials(certificate, key);
            if (flags.certReload) {
                reloads = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                        .daemon()
                        .name("presage-certificates")
                        .factory());
                Reload reload = new Reload(keys, certificate, key);
                long every = flags.certReloadEvery.toMillis();
                reloads.scheduleWithFixedDelay(reload, every, every, TimeUnit.MILLISECONDS);
            }
        }
        SslContextBuilder builder = SslContextBuilder.forServer(keys).protocols(protocols(flags.tlsMinVersion));
        GrpcSslContexts.configure(builder, SslProvider.JDK);
        if (!flags.tlsCipherSuites.isEmpty()) {
            builder.ciphers(ciphers(flags.tlsCipherSuites));
        }
        return new Tls(builder.build(), reloads);
    }

    /** An IllegalArgumentException names the flag whose value cannot be used. */
    static void check(ListenFlags flags) {
        protocols(flags.tlsMinVersion);
        ciphers(flags.tlsCipherSuites);
    }

    private static List<String> ciphers(List<String> asked) {
        Set<String> supported = supported();
        for (String suite : asked) {
            if (!supported.contains(suite)) {
                throw new IllegalArgumentException(
                        "--tls-cipher-suites " + suite + " must be one of " + String.join(", ", supported));
            }
        }
        Set<String> all = new LinkedHashSet<>(TLS_13);
        all.addAll(asked);
        return List.copyOf(all);
    }

    private static Set<String> supported() {
        try {
            return new TreeSet<>(
                    List.of(SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS", e);
        }
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

    /** Takes the files again when one has changed; what cannot be read keeps what was. Run by one thread. */
    private static final class Reload implements Runnable {
        private final AdvancedTlsX509KeyManager keys;
        private final File certificate;
        private final File key;
        private long seen;

        Reload(AdvancedTlsX509KeyManager keys, File certificate, File key) {
            this.keys = keys;
            this.certificate = certificate;
            this.key = key;
            this.seen = changed();
        }

        /** Of both files, so that a change of either makes another figure. */
        private long changed() {
            return 31 * certificate.lastModified() + key.lastModified();
        }

        @Override
        public void run() {
            long now = changed();
            if (now == seen) {
                return;
            }
            seen = now;
            try {
                keys.updateIdentityCredentials(certificate, key);
                LOG.info("certificate {} is taken anew", certificate);
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                LOG.warn("certificate {} stays as it was: {}", certificate, e.toString());
            }
        }
    }
}
