package dev.presage.store.service;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Who may look at the store (viewers) and who may publish and change pools (operators, who may look too). */
public sealed interface StoreAccess permits StoreAccess.LoopbackOnly, StoreAccess.Tokens, OpenId {
    /** Answers with the reason against it; empty when it is allowed. */
    Optional<Denial> check(Role role, InetAddress client, String authorization, boolean fromBrowser);

    /** Who sent a request that was allowed, where that is known for certain; else the request's own word counts. */
    default Optional<String> identity(String authorization) {
        return Optional.empty();
    }

    /** What a request needs its sender to be. */
    enum Role {
        VIEWER,
        OPERATOR
    }

    /** Why a request is not allowed, and the HTTP status that says so. */
    record Denial(int status, String message) {}

    /**
     * Without tokens, everybody who reaches the store may look and the machine is the border for writing. A browser on it may run any site's
     * scripts, so it is no operator.
     */
    record LoopbackOnly() implements StoreAccess {
        @Override
        public Optional<Denial> check(Role role, InetAddress client, String authorization, boolean fromBrowser) {
            if (role == Role.VIEWER) {
                return Optional.empty();
            }
            if (!client.isLoopbackAddress()) {
                return Optional.of(
                        new Denial(403, "without --token-file only clients on the store's own machine may write"));
            }
            return fromBrowser
                    ? Optional.of(new Denial(403, "without --token-file web pages may not write"))
                    : Optional.empty();
        }
    }

    /**
     * Whoever shows the operators' token is one.
     *
     * @param viewer the viewers' token; empty when everybody who reaches the store may look
     */
    record Tokens(String operator, Optional<String> viewer) implements StoreAccess {
        private static final int MIN_LENGTH = 16;

        public Tokens {
            require("operator", operator);
            viewer.ifPresent(token -> require("viewer", token));
        }

        @Override
        public Optional<Denial> check(Role role, InetAddress client, String authorization, boolean fromBrowser) {
            if (role == Role.VIEWER && viewer.isEmpty()) {
                return Optional.empty();
            }
            if (authorization.isEmpty()) {
                String what = role == Role.VIEWER ? "look" : "write";
                return Optional.of(new Denial(401, "a bearer token is required to " + what));
            }
            if (isShown(role, authorization)) {
                return Optional.empty();
            }
            String whose = role == Role.VIEWER ? "a viewer's" : "an operator's";
            return Optional.of(new Denial(403, "the bearer token is not " + whose));
        }

        /** Whether one of the tokens that stand for the role was sent. */
        boolean isShown(Role role, String authorization) {
            boolean looks = role == Role.VIEWER && viewer.isPresent() && shows(authorization, viewer.get());
            return looks || shows(authorization, operator);
        }

        private static boolean shows(String authorization, String token) {
            return MessageDigest.isEqual(
                    authorization.getBytes(StandardCharsets.UTF_8),
                    ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
        }

        private static void require(String role, String token) {
            if (token.length() < MIN_LENGTH) {
                throw new IllegalArgumentException(
                        role + " token has " + token.length() + " characters, must have at least " + MIN_LENGTH);
            }
        }

        /** Does not show the tokens. */
        @Override
        public String toString() {
            return "Tokens[]";
        }
    }
}
