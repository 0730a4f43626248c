package dev.presage.store.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A key and a certificate (RFC 5280) that nobody else vouches for: the router's, for gateways that want TLS but do not verify, and the store's, whose clients
 * are given the certificate as their authority.
 */
public record SelfSigned(PrivateKey key, X509Certificate certificate) {
    private static final Duration LIFE = Duration.ofDays(3650);
    private static final Duration RENEWAL = Duration.ofDays(90);
    private static final int SERIAL_BITS = 127;
    private static final byte[] VERSION_3 = {2};
    private static final byte[] ECDSA_WITH_SHA256 = id("2a8648ce3d040302"); // 1.2.840.10045.4.3.2
    private static final byte[] COMMON_NAME = id("550403"); // 2.5.4.3
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = id("551d11"); // 2.5.29.17
    private static final int EXTENSIONS = 3;
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    /**
     * Makes both anew.
     *
     * @param owner the common name
     * @param names host names and addresses that the certificate is for
     */
    public static SelfSigned make(String owner, Collection<String> names, Instant now, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            byte[] algorithm = Der.value(Der.SEQUENCE, ECDSA_WITH_SHA256);
            byte[] body = body(owner, names, now, new BigInteger(SERIAL_BITS, random), algorithm, pair);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate(), random);
            signature.update(body);
            byte[] encoded = Der.value(Der.SEQUENCE, body, algorithm, Der.bits(signature.sign()));
            return new SelfSigned(pair.getPrivate(), (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a self-signed certificate", e);
        }
    }

    private static byte[] body(
            String owner, Collection<String> names, Instant now, BigInteger serial, byte[] algorithm, KeyPair pair) {
        byte[] common = Der.value(
                Der.SEQUENCE, COMMON_NAME, Der.value(Der.UTF8_STRING, owner.getBytes(StandardCharsets.UTF_8)));
        byte[] name = Der.value(Der.SEQUENCE, Der.value(Der.SET, common));
        byte[] alternatives = Der.value(
                Der.SEQUENCE, names.stream().map(SelfSigned::alternative).toArray(byte[][]::new));
        byte[] extension = Der.value(Der.SEQUENCE, SUBJECT_ALTERNATIVE_NAME, Der.value(Der.OCTET_STRING, alternatives));
        return Der.value(
                Der.SEQUENCE,
                Der.tagged(0, Der.value(Der.INTEGER, VERSION_3)),
                Der.value(Der.INTEGER, serial.toByteArray()),
                algorithm,
                name,
                Der.value(Der.SEQUENCE, Der.time(now.minus(Duration.ofHours(1))), Der.time(now.plus(LIFE))),
                name,
                pair.getPublic().getEncoded(),
                Der.tagged(EXTENSIONS, Der.value(Der.SEQUENCE, extension)));
    }

    private static byte[] alternative(String name) {
        try {
            return Der.implicit(IP_ADDRESS, InetAddress.ofLiteral(name).getAddress());
        } catch (IllegalArgumentException e) {
            return Der.implicit(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static byte[] id(String hex) {
        return Der.value(Der.OBJECT_ID, HexFormat.of().parseHex(hex));
    }

    /**
     * Sees to it that {@code tls.crt} and {@code tls.key} are in the directory; they are kept over restarts, so that clients need no new
     * authority, and made anew when they are for other names or soon too old.
     */
    public static void keep(Path directory, String owner, Collection<String> names, Instant now, SecureRandom random)
            throws IOException {
        Path certificate = directory.resolve("tls.crt");
        Path key = directory.resolve("tls.key");
        if (Files.exists(certificate) && Files.exists(key) && isGood(certificate, names, now)) {
            return;
        }
        Files.createDirectories(directory);
        SelfSigned made = make(owner, names, now, random);
        try {
            Files.deleteIfExists(key);
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(key, pem("PRIVATE KEY", made.key().getEncoded()));
            Files.writeString(certificate, pem("CERTIFICATE", made.certificate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be encoded", e);
        }
    }

    private static boolean isGood(Path file, Collection<String> names, Instant now) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            X509Certificate kept =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            Collection<List<?>> alternatives = Objects.requireNonNullElse(kept.getSubjectAlternativeNames(), Set.of());
            Set<String> known = alternatives.stream()
                    .map(name -> String.valueOf(name.get(1)))
                    .collect(Collectors.toSet());
            return known.containsAll(names) && kept.getNotAfter().toInstant().isAfter(now.plus(RENEWAL));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** Does not show the key. */
    @Override
    public String toString() {
        return "SelfSigned[" + certificate.getSubjectX500Principal() + "]";
    }
}
