package dev.presage.router.epp;

import dev.presage.store.tls.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for {@code localhost} on disk, and a client that trusts it alone. */
public final class GatewayCertificate {
    private GatewayCertificate() {}

    /** Writes {@code tls.crt} and {@code tls.key}. */
    public static SSLContext write(Path directory) throws IOException, GeneralSecurityException {
        SelfSigned made = SelfSigned.make("presage-epp", List.of("localhost"), Instant.now(), new SecureRandom());
        pem(directory.resolve("tls.crt"), "CERTIFICATE", made.certificate().getEncoded());
        pem(directory.resolve("tls.key"), "PRIVATE KEY", made.key().getEncoded());
        return trusting(made.certificate());
    }

    /** Writes the files and serves with them. */
    public static SSLContext server(Path directory) throws IOException, GeneralSecurityException {
        SelfSigned made = SelfSigned.make("presage-epp", List.of("localhost"), Instant.now(), new SecureRandom());
        pem(directory.resolve("tls.crt"), "CERTIFICATE", made.certificate().getEncoded());
        pem(directory.resolve("tls.key"), "PRIVATE KEY", made.key().getEncoded());
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("server", made.key(), new char[0], new Certificate[] {made.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static void pem(Path file, String label, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }

    private static SSLContext trusting(Certificate certificate) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("gateway", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
