package dev.presage.store.tls;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JDK's own parser makes of the certificate. */
class SelfSignedTest {
    private static final List<String> NAMES = List.of("localhost", "10.0.0.7");

    /** The second one ends after 2049, from where years have four digits. */
    @ParameterizedTest
    @ValueSource(strings = {"2026-11-21T20:00:00Z", "2041-01-01T00:00:00Z"})
    void isACertificateOfTheFormThatItSays(String start) throws Exception {
        Instant now = Instant.parse(start);
        X509Certificate certificate =
                SelfSigned.make("presage-epp", NAMES, now, new SecureRandom()).certificate();
        certificate.verify(certificate.getPublicKey());
        assertEquals(3, certificate.getVersion());
        assertEquals("CN=presage-epp", certificate.getSubjectX500Principal().getName());
        assertEquals(certificate.getIssuerX500Principal(), certificate.getSubjectX500Principal());
        assertEquals("SHA256withECDSA", certificate.getSigAlgName());
        assertEquals(
                List.of(List.of(2, "localhost"), List.of(7, "10.0.0.7")),
                List.copyOf(certificate.getSubjectAlternativeNames()));
        assertDoesNotThrow(() -> certificate.checkValidity(Date.from(now)));
        assertThrows(
                CertificateNotYetValidException.class,
                () -> certificate.checkValidity(Date.from(now.minus(Duration.ofHours(2)))));
        assertThrows(
                CertificateExpiredException.class,
                () -> certificate.checkValidity(Date.from(now.plus(Duration.ofDays(3651)))));
    }

    @Test
    void noTwoAreAlike() {
        Instant now = Instant.parse("2026-11-21T20:00:00Z");
        SelfSigned one = SelfSigned.make("presage-epp", NAMES, now, new SecureRandom());
        SelfSigned other = SelfSigned.make("presage-epp", NAMES, now, new SecureRandom());
        assertNotEquals(one.certificate().getSerialNumber(), other.certificate().getSerialNumber());
        assertNotEquals(one.certificate().getPublicKey(), other.certificate().getPublicKey());
    }
}
