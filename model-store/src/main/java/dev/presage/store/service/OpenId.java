package dev.presage.store.service;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access for people who log in at an OpenID provider: whoever shows a token of its (by a proxy that logs in, or from a file) has the
 * roles {@value #VIEWER} or {@value #OPERATOR} that the token names, and is who it says in the audit log. Machines go on showing the store's
 * own tokens. Nobody looks without one of the two. Thread-safe; keys of the provider are fetched when they are needed and kept for minutes.
 */
public final class OpenId implements StoreAccess {
    static final String VIEWER = "presage-viewer";
    static final String OPERATOR = "presage-operator";

    private static final Logger LOG = LoggerFactory.getLogger(OpenId.class);
    private static final String BEARER = "Bearer ";
    /** What is signed with a shared secret, or not at all, is nobody's. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Stream.of(JWSAlgorithm.Family.RSA, JWSAlgorithm.Family.EC)
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final String rolesClaim;
    private final Tokens machines;

    private OpenId(Provider provider, JWKSource<SecurityContext> keys, Tokens machines) {
        rolesClaim = provider.rolesClaim();
        this.machines = machines;
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                provider.audience(),
                new JWTClaimsSet.Builder().issuer(provider.issuer()).build(),
                Set.of("sub", "exp")));
    }

    /**
     * Whose tokens count.
     *
     * @param keys its JSON Web Key Set: an https address, http on the store's own machine, or a file
     * @param issuer what the claim {@code iss} must be
     * @param audience what the claim {@code aud} must hold
     * @param rolesClaim the claim with the list of roles
     */
    public record Provider(URI keys, String issuer, String audience, String rolesClaim) {
        public Provider {
            for (String text : List.of(issuer, audience, rolesClaim)) {
                if (text.isBlank()) {
                    throw new IllegalArgumentException("issuer, audience and roles claim must not be blank");
                }
            }
            String scheme = String.valueOf(keys.getScheme());
            boolean local = "localhost".equals(keys.getHost()) || "127.0.0.1".equals(keys.getHost());
            if (!scheme.equals("https") && !scheme.equals("file") && !(scheme.equals("http") && local)) {
                throw new IllegalArgumentException("key set '" + keys + "' must be an https: address or a file:");
            }
        }
    }

    /** @throws IOException when a file of keys cannot be read; an address need not answer yet */
    public static OpenId of(Provider provider, Tokens machines) throws IOException {
        return new OpenId(provider, keys(provider.keys()), machines);
    }

    private static JWKSource<SecurityContext> keys(URI place) throws IOException {
        if (!"file".equals(place.getScheme())) {
            return JWKSourceBuilder.<SecurityContext>create(place.toURL())
                    .retrying(true)
                    .build();
        }
        try {
            return new ImmutableJWKSet<>(JWKSet.load(Path.of(place).toFile()));
        } catch (ParseException e) {
            throw new IOException(place + " is no JSON Web Key Set: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Denial> check(Role role, InetAddress client, String authorization, boolean fromBrowser) {
        if (authorization.isEmpty()) {
            return Optional.of(new Denial(401, "a bearer token is required"));
        }
        if (machines.isShown(role, authorization)) {
            return Optional.empty();
        }
        try {
            Set<String> roles = roles(verified(authorization));
            boolean allowed = roles.contains(OPERATOR) || role == Role.VIEWER && roles.contains(VIEWER);
            String wanted = role == Role.VIEWER ? VIEWER : OPERATOR;
            return allowed
                    ? Optional.empty()
                    : Optional.of(new Denial(403, "claim " + rolesClaim + " does not name the role " + wanted));
        } catch (ParseException | BadJOSEException e) {
            return Optional.of(new Denial(403, "the bearer token is not accepted: " + e.getMessage()));
        } catch (JOSEException e) {
            LOG.warn("the OpenID provider's keys cannot be had: {}", e.getMessage());
            return Optional.of(new Denial(503, "the OpenID provider's keys cannot be had now"));
        }
    }

    @Override
    public Optional<String> identity(String authorization) {
        if (machines.isShown(Role.VIEWER, authorization)) {
            return Optional.empty();
        }
        try {
            JWTClaimsSet claims = verified(authorization);
            String name = claims.getStringClaim("preferred_username");
            return Optional.of(name == null ? claims.getSubject() : name);
        } catch (ParseException | BadJOSEException | JOSEException e) {
            return Optional.empty();
        }
    }

    private JWTClaimsSet verified(String authorization) throws ParseException, BadJOSEException, JOSEException {
        if (!authorization.startsWith(BEARER)) {
            throw new ParseException("want Bearer", 0);
        }
        return processor.process(authorization.substring(BEARER.length()), null);
    }

    private Set<String> roles(JWTClaimsSet claims) {
        @Nullable Object claim = claims.getClaim(rolesClaim);
        Set<String> roles = new HashSet<>();
        if (claim instanceof List<?> list) {
            list.forEach(role -> roles.add(Objects.toString(role)));
        } else if (claim instanceof String role) {
            roles.add(role);
        }
        return roles;
    }
}
