package dev.presage.router.scrape;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How to scrape over TLS.
 *
 * @param insecureSkipVerify whether to take any certificate
 * @param caCert PEM file of the authorities to trust, the system's when empty
 * @param clientCert PEM file of our own certificate chain, with {@code clientKey}
 * @param clientKey PEM file of its key
 */
public record ScrapeTls(
        boolean insecureSkipVerify, Optional<Path> caCert, Optional<Path> clientCert, Optional<Path> clientKey) {
    public ScrapeTls {
        if (clientCert.isPresent() != clientKey.isPresent()) {
            throw new IllegalArgumentException("clientCertPath and clientKeyPath must be given together");
        }
    }

    /** Reads the files; what is missing or no PEM is an UncheckedIOException or IllegalArgumentException. */
    SslContext context() {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            if (insecureSkipVerify) {
                // Any certificate means any name in it.
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            } else if (caCert.isPresent()) {
                builder.trustManager(caCert.get().toFile());
            }
            if (clientCert.isPresent() && clientKey.isPresent()) {
                builder.keyManager(clientCert.get().toFile(), clientKey.get().toFile());
            }
            return builder.build();
        } catch (IOException e) {
            throw new UncheckedIOException("TLS files of the metrics scrape", e);
        }
    }
}
