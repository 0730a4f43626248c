package dev.presage.store.service;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Who may publish and move aliases; everybody who reaches the store may read. */
public sealed interface WriteAccess {
    /** Answers with the reason against it; empty when it is allowed. */
    Optional<Denial> check(InetAddress client, String authorization, boolean fromBrowser);

    /** Why a write is not allowed, and the HTTP status that says so. */
    record Denial(int status, String message) {}

    /** Without a token, the machine is the border. A browser on it may run any site's scripts, so it is no operator. */
    record LoopbackOnly() implements WriteAccess {
        @Override
        public Optional<Denial> check(InetAddress client, String authorization, boolean fromBrowser) {
            if (!client.isLoopbackAddress()) {
                return Optional.of(
                        new Denial(403, "without --token-file only clients on the store's own machine may write"));
            }
            return fromBrowser
                    ? Optional.of(new Denial(403, "without --token-file web pages may not write"))
                    : Optional.empty();
        }
    }

    /** Whoever shows the token is an operator. */
    record Operators(String token) implements WriteAccess {
        private static final int MIN_LENGTH = 16;

        public Operators {
            if (token.length() < MIN_LENGTH) {
                throw new IllegalArgumentException(
                        "operator token has " + token.length() + " characters, must have at least " + MIN_LENGTH);
            }
        }

        @Override
        public Optional<Denial> check(InetAddress client, String authorization, boolean fromBrowser) {
            if (authorization.isEmpty()) {
                return Optional.of(new Denial(401, "a bearer token is required to write"));
            }
            byte[] shown = authorization.getBytes(StandardCharsets.UTF_8);
            byte[] wanted = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
            return MessageDigest.isEqual(shown, wanted)
                    ? Optional.empty()
                    : Optional.of(new Denial(403, "the bearer token is not an operator's"));
        }

        /** Does not show the token. */
        @Override
        public String toString() {
            return "Operators[]";
        }
    }
}
