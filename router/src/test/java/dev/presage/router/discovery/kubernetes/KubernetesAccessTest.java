package dev.presage.router.discovery.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.discovery.DiscoveryListener;
import dev.presage.router.metrics.MetricsAccess.Answer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KubernetesAccessTest {
    private static final String REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final String ACCESS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    private final ApiServer server = new ApiServer();
    private final ApiClient client = server.connect(DiscoveryListener.NONE);
    private final AtomicLong nanos = new AtomicLong();
    private final KubernetesAccess access = new KubernetesAccess(client.client(), nanos::get);

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void asksWhoTheTokenIsAndWhatItMayAndKeepsTheAnswerForAMinute() throws Exception {
        tokenIs(true);
        mayRead(true);
        assertEquals(Answer.ALLOWED, access.check("Bearer prometheus"));
        assertEquals(Answer.ALLOWED, access.check("bearer prometheus"));
        assertEquals(2, server.requests().size());
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        assertEquals(Answer.ALLOWED, access.check("Bearer prometheus"));
        assertEquals(2, server.requests().size());
    }

    @Test
    void refusesWithoutATokenWithAWrongOneAndWithoutThePermission() {
        assertEquals(Answer.UNAUTHENTICATED, access.check(""));
        assertEquals(Answer.UNAUTHENTICATED, access.check("Basic cHJvbWV0aGV1cw=="));
        tokenIs(false);
        assertEquals(Answer.UNAUTHENTICATED, access.check("Bearer forged"));
    }

    @Test
    void aReaderWithoutThePermissionIsForbidden() {
        tokenIs(true);
        mayRead(false);
        assertEquals(Answer.FORBIDDEN, access.check("Bearer curious"));
    }

    @Test
    void keepsNoAnswerOfAServerThatGaveNone() {
        server.recordings()
                .expect()
                .post()
                .withPath(REVIEWS)
                .andReturn(500, "{}")
                .once();
        assertEquals(Answer.UNAVAILABLE, access.check("Bearer prometheus"));
        tokenIs(true);
        mayRead(true);
        assertEquals(Answer.ALLOWED, access.check("Bearer prometheus"));
    }

    private void tokenIs(boolean known) {
        server.recordings()
                .expect()
                .post()
                .withPath(REVIEWS)
                .andReturn(201, """
                        {"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","spec":{"token":"t"},
                        "status":{"authenticated":%s,"user":{"username":"system:serviceaccount:mon:prometheus",
                        "uid":"u","groups":["g"]}}}""".formatted(known))
                .always();
    }

    private void mayRead(boolean allowed) {
        server.recordings()
                .expect()
                .post()
                .withPath(ACCESS)
                .andReturn(201, """
                        {"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","spec":{},
                        "status":{"allowed":%s}}""".formatted(allowed))
                .always();
    }
}
