package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.registry.AuditEntry;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.FreezeRequest;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenIdTest {
    private static final String ISSUER = "https://login.example";
    private static final String MACHINE = "0123456789abcdef-machine";
    private static RSAKey key;

    @TempDir
    Path root;

    private OpenId access;

    @BeforeAll
    static void makeKey() throws Exception {
        key = new RSAKeyGenerator(2048).keyID("one").generate();
    }

    @BeforeEach
    void open() throws Exception {
        Path keys = root.resolve("keys.json");
        Files.writeString(keys, new JWKSet(key).toString(true));
        access = OpenId.of(
                new OpenId.Provider(keys.toUri(), ISSUER, "presage", "roles"),
                new StoreAccess.Tokens(MACHINE, Optional.empty()));
    }

    @Test
    void rolesAreWhatTheTokenSays() throws Exception {
        assertEquals("ok ok", asked(signed(claims(List.of("presage-operator")).build())));
        assertEquals(
                "ok 403 claim roles does not name the role presage-operator",
                asked(signed(claims(List.of("presage-viewer")).build())));
        assertEquals(
                "403 claim roles does not name the role presage-viewer"
                        + " 403 claim roles does not name the role presage-operator",
                asked(signed(claims(List.of("accounting")).build())));
        assertEquals("401 a bearer token is required 401 a bearer token is required", asked(""));
        assertEquals("ok ok", asked("Bearer " + MACHINE));
    }

    @Test
    void aTokenThatIsNotTheProvidersOrNotForUsIsNobodys() throws Exception {
        JWTClaimsSet good = claims(List.of("presage-operator")).build();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder(good);
        refused(
                signed(new JWTClaimsSet.Builder(good)
                        .issuer("https://evil.example")
                        .build()),
                "iss");
        refused(signed(new JWTClaimsSet.Builder(good).audience("other").build()), "aud");
        refused(signed(new JWTClaimsSet.Builder(good).expirationTime(null).build()), "exp");
        refused(
                signed(claims.expirationTime(Date.from(Instant.now().minus(Duration.ofHours(1))))
                        .build()),
                "xpired");
        refused("Bearer " + new PlainJWT(good).serialize(), "nsecured");
        refused(
                bearer(
                        good,
                        JWSAlgorithm.HS256,
                        new MACSigner(key.toRSAPublicKey().getEncoded())),
                "");
        RSAKey foreign = new RSAKeyGenerator(2048).keyID("one").generate();
        refused(bearer(good, JWSAlgorithm.RS256, new RSASSASigner(foreign)), "ignature");
        refused("Bearer x", "");
        refused("Basic " + MACHINE, "");
    }

    @Test
    void theAuditLogNamesWhoTheTokenIsOf() throws Exception {
        BundleArchive archive = SampleBundles.archive("chat", 1);
        String token = signed(claims(List.of("presage-operator"))
                        .claim("preferred_username", "ann")
                        .build())
                .substring("Bearer ".length());
        try (DirectoryRegistry registry = DirectoryRegistry.open(
                        root.resolve("store"),
                        new BundleReader(TrustPolicy.anyone()),
                        50,
                        () -> Instant.ofEpochMilli(7));
                StoreServer server = StoreServer.start(
                        StoreSettings.loopback(0, access),
                        registry,
                        AliasListener.NONE,
                        () -> Instant.ofEpochMilli(9));
                StoreClient person = new StoreClient(server.base(), Optional.of(token), Duration.ofSeconds(30));
                StoreClient machine = new StoreClient(server.base(), Optional.of(MACHINE), Duration.ofSeconds(30))) {
            machine.publish("chat", archive.bytes(), "trainer");
            person.change(new FreezeRequest("chat", true, 0, "somebody else", "incident"));
            assertEquals(
                    List.of("ann FREEZE", "trainer PUBLISH"),
                    registry.audit("chat", 9).stream().map(OpenIdTest::line).toList());
        }
    }

    @Test
    void keysComeFromAFileOrOverTls() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new OpenId.Provider(URI.create("http://login.example/keys"), ISSUER, "presage", "roles"));
    }

    private static String line(AuditEntry entry) {
        return entry.actor() + " " + entry.action();
    }

    private static JWTClaimsSet.Builder claims(List<String> roles) {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("presage")
                .subject("u1")
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))))
                .claim("roles", roles);
    }

    private static String signed(JWTClaimsSet claims) throws Exception {
        return bearer(claims, JWSAlgorithm.RS256, new RSASSASigner(key));
    }

    private static String bearer(JWTClaimsSet claims, JWSAlgorithm algorithm, JWSSigner signer) throws Exception {
        SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID("one").build(), claims);
        token.sign(signer);
        return "Bearer " + token.serialize();
    }

    private void refused(String authorization, String why) {
        String answer = said(StoreAccess.Role.VIEWER, authorization);
        assertEquals(
                "403 the bearer token is not accepted: ",
                answer.substring(0, Math.min(answer.length(), "403 the bearer token is not accepted: ".length())));
        assertEquals(true, answer.contains(why), answer);
    }

    private String asked(String authorization) {
        return said(StoreAccess.Role.VIEWER, authorization) + " " + said(StoreAccess.Role.OPERATOR, authorization);
    }

    private String said(StoreAccess.Role role, String authorization) {
        return access.check(role, InetAddress.getLoopbackAddress(), authorization, false)
                .map(denial -> denial.status() + " " + denial.message())
                .orElse("ok");
    }
}
