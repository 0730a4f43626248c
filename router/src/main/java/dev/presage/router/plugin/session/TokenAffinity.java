package dev.presage.router.plugin.session;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.plugin.Reply;
import dev.presage.router.plugin.Round;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Keeps no state: the reply carries the endpoint's id in base64, and the client sends it again. */
record TokenAffinity(String header, Leg leg) implements Affinity {
    @Override
    public Optional<Predicate<Endpoint>> endpoint(Round round) {
        String token = round.header(header);
        return token.isEmpty() ? Optional.empty() : Optional.of(endpoint -> token.equals(token(endpoint)));
    }

    @Override
    public Map<String, String> headers(Reply reply) {
        return reply.decision()
                .flatMap(leg::of)
                .map(endpoint -> Map.of(header, token(endpoint)))
                .orElse(Map.of());
    }

    static String token(Endpoint endpoint) {
        return Base64.getEncoder().encodeToString(endpoint.id().getBytes(StandardCharsets.UTF_8));
    }
}
