package dev.presage.router.discovery.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.presage.router.metrics.MetricsAccess;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets those read the metrics page whose bearer token the API server knows and who may {@code get} the path {@code /metrics}. Answers
 * are kept for a minute, refusals for ten seconds, both by the token's digest; no answer is kept of a server that gave none.
 * Thread-safe; waits for the server.
 */
public final class KubernetesAccess implements MetricsAccess {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesAccess.class);
    private static final int MAX_TOKENS = 1_000;
    private static final Duration ALLOWED = Duration.ofMinutes(1);
    private static final Duration REFUSED = Duration.ofSeconds(10);
    private static final String SCHEME = "Bearer ";

    private final KubernetesClient client;
    private final Cache<String, Answer> answers;

    public KubernetesAccess(ApiClient client) {
        this(client.client(), Ticker.systemTicker());
    }

    KubernetesAccess(KubernetesClient client, Ticker ticker) {
        this.client = client;
        answers = Caffeine.newBuilder()
                .maximumSize(MAX_TOKENS)
                .ticker(ticker)
                .expireAfter(Expiry.<String, Answer>creating(
                        (token, answer) -> answer == Answer.ALLOWED ? ALLOWED : REFUSED))
                .build();
    }

    @Override
    public boolean allows(String authorization) {
        return check(authorization) == Answer.ALLOWED;
    }

    @Override
    public Answer check(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Answer.UNAUTHENTICATED;
        }
        String token = authorization.substring(SCHEME.length()).strip();
        String key = digest(token);
        Answer known = answers.getIfPresent(key);
        if (known != null) {
            return known;
        }
        try {
            Answer answer = ask(token);
            answers.put(key, answer);
            return answer;
        } catch (KubernetesClientException e) {
            LOG.warn("cannot ask the API server who reads the metrics: {}", e.getMessage());
            return Answer.UNAVAILABLE;
        }
    }

    private Answer ask(String token) {
        TokenReview review = client.resource(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .endSpec()
                        .build())
                .create();
        if (review.getStatus() == null
                || !Boolean.TRUE.equals(review.getStatus().getAuthenticated())) {
            return Answer.UNAUTHENTICATED;
        }
        SubjectAccessReview access =
                client.resource(request(review.getStatus().getUser())).create();
        return access.getStatus() != null
                        && Boolean.TRUE.equals(access.getStatus().getAllowed())
                ? Answer.ALLOWED
                : Answer.FORBIDDEN;
    }

    private static SubjectAccessReview request(UserInfo user) {
        Map<String, List<String>> extra = user.getExtra() == null ? Map.of() : user.getExtra();
        return new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(user.getUsername())
                .withUid(user.getUid())
                .withGroups(user.getGroups())
                .withExtra(extra)
                .withNewNonResourceAttributes()
                .withPath("/metrics")
                .withVerb("get")
                .endNonResourceAttributes()
                .endSpec()
                .build();
    }

    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
