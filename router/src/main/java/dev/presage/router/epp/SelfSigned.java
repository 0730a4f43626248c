package dev.presage.router.epp;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
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
import java.util.HexFormat;

/** A key and a certificate (RFC 5280) that nobody vouches for, for gateways that want TLS but do not verify. Made anew at each start. */
record SelfSigned(PrivateKey key, X509Certificate certificate) {
    private static final Duration LIFE = Duration.ofDays(3650);
    private static final int SERIAL_BITS = 127;
    private static final byte[] VERSION_3 = {2};
    private static final byte[] ECDSA_WITH_SHA256 = id("2a8648ce3d040302"); // 1.2.840.10045.4.3.2
    private static final byte[] COMMON_NAME = id("550403"); // 2.5.4.3
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = id("551d11"); // 2.5.29.17
    private static final int EXTENSIONS = 3;
    private static final int DNS_NAME = 2;

    static SelfSigned make(Instant now, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            byte[] algorithm = Der.value(Der.SEQUENCE, ECDSA_WITH_SHA256);
            byte[] body = body(now, new BigInteger(SERIAL_BITS, random), algorithm, pair);
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

    private static byte[] body(Instant now, BigInteger serial, byte[] algorithm, KeyPair pair) {
        byte[] common = Der.value(
                Der.SEQUENCE, COMMON_NAME, Der.value(Der.UTF8_STRING, "presage-epp".getBytes(StandardCharsets.UTF_8)));
        byte[] name = Der.value(Der.SEQUENCE, Der.value(Der.SET, common));
        byte[] names = Der.value(Der.SEQUENCE, Der.implicitText(DNS_NAME, "localhost"));
        byte[] extension = Der.value(Der.SEQUENCE, SUBJECT_ALTERNATIVE_NAME, Der.value(Der.OCTET_STRING, names));
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

    private static byte[] id(String hex) {
        return Der.value(Der.OBJECT_ID, HexFormat.of().parseHex(hex));
    }
}
