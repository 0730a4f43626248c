package dev.presage.router.plugin.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.pick.Decision;
import dev.presage.router.plugin.Round;
import dev.presage.router.request.InferenceRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Remembers where the last request of each session went. Sessions are known by a header of the client's; one that is not used for a
 * while is forgotten, and of more than {@link #MAX_SESSIONS} those that are used least.
 */
final class RememberedAffinity implements Affinity {
    static final int MAX_SESSIONS = 100_000;

    private final List<String> sources;
    private final Leg leg;
    private final Cache<String, String> endpoints;

    /** {@code sources} are header names; the first that a request has counts. */
    RememberedAffinity(List<String> sources, Leg leg, Duration idle, Ticker ticker) {
        this.sources = List.copyOf(sources);
        this.leg = leg;
        endpoints = Caffeine.newBuilder()
                .maximumSize(MAX_SESSIONS)
                .expireAfterAccess(idle)
                .ticker(ticker)
                .build();
    }

    @Override
    public Optional<Predicate<Endpoint>> endpoint(Round round) {
        return session(round.request())
                .map(endpoints::getIfPresent)
                .map(id -> endpoint -> endpoint.id().equals(id));
    }

    @Override
    public void routed(Decision.Routed decision) {
        Optional<Endpoint> endpoint = leg.of(decision);
        if (endpoint.isPresent()) {
            session(decision.candidates().request())
                    .ifPresent(session -> endpoints.put(session, endpoint.get().id()));
        }
    }

    private Optional<String> session(InferenceRequest request) {
        return sources.stream()
                .map(source -> request.headers().getOrDefault(source, ""))
                .filter(session -> !session.isEmpty())
                .findFirst();
    }
}
