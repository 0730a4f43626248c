package dev.presage.router.plugin;

import dev.presage.router.fleet.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The session token of the contract: an endpoint's id in base64. */
public final class SessionToken {
    private SessionToken() {}

    public static boolean names(String token, Endpoint endpoint) {
        return token.equals(of(endpoint));
    }

    public static String of(Endpoint endpoint) {
        return Base64.getEncoder().encodeToString(endpoint.id().getBytes(StandardCharsets.UTF_8));
    }
}
