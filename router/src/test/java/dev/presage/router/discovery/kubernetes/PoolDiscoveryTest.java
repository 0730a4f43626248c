package dev.presage.router.discovery.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.fleet.Endpoint;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolDiscoveryTest {
    private static final String OLD_POOL = """
            metadata: {name: chat}
            spec:
              selector: {app: llm}
              targetPortNumber: 9000
              extensionRef: {name: epp}
            """;

    private final ApiServer server = new ApiServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void publishesAnEndpointPerPortOfEachReadyPodOfThePool() throws Exception {
        server.serve(ApiKind.POOL).pool("{app: llm}", 8000, 8001).pod("a", "10.0.0.1");
        server.pod("starting", "10.0.0.9", "False", "");
        server.put(ApiKind.POD, "{metadata: {name: stranger, labels: {app: web}}, status: {podIP: 10.0.0.8}}");
        try (Following router = Following.of(server)) {
            router.publishes("team/a-rank-0@10.0.0.1:8000", "team/a-rank-1@10.0.0.1:8001");
            server.pod("b", "fd00::1");
            router.publishes(
                    "team/a-rank-0@10.0.0.1:8000",
                    "team/a-rank-1@10.0.0.1:8001",
                    "team/b-rank-0@[fd00::1]:8000",
                    "team/b-rank-1@[fd00::1]:8001");
        }
    }

    @Test
    void takesAPodsLabelsSoThatRolesAreKnown() throws Exception {
        server.serve(ApiKind.POOL).pool("{app: llm}", 8000).pod("a", "10.0.0.1");
        try (Following router = Following.of(server)) {
            List<Endpoint> endpoints = router.next();
            assertEquals("decode", endpoints.getFirst().labels().get("llm-d.ai/role"));
        }
    }

    @Test
    void dropsPodsThatAreNotReadyTerminatingOrGone() throws Exception {
        server.serve(ApiKind.POOL).pool("{app: llm}", 8000);
        server.pod("a", "10.0.0.1").pod("b", "10.0.0.2").pod("c", "10.0.0.3");
        server.pod("d", "10.0.0.4", "True", "finalizers: [example.com/keep]");
        try (Following router = Following.of(server)) {
            router.publishes(
                    "team/a-rank-0@10.0.0.1:8000",
                    "team/b-rank-0@10.0.0.2:8000",
                    "team/c-rank-0@10.0.0.3:8000",
                    "team/d-rank-0@10.0.0.4:8000");
            server.pod("b", "10.0.0.2", "False", "");
            router.publishes(
                    "team/a-rank-0@10.0.0.1:8000", "team/c-rank-0@10.0.0.3:8000", "team/d-rank-0@10.0.0.4:8000");
            server.delete(ApiKind.POD, "c");
            router.publishes("team/a-rank-0@10.0.0.1:8000", "team/d-rank-0@10.0.0.4:8000");
            server.delete(ApiKind.POD, "d");
            router.publishes("team/a-rank-0@10.0.0.1:8000");
        }
    }

    @Test
    void followsTheSelectorAndThePortsOfThePool() throws Exception {
        server.serve(ApiKind.POOL).pool("{app: llm}", 8000).pod("a", "10.0.0.1");
        server.put(ApiKind.POD, """
                metadata: {name: v2, labels: {app: llm, version: v2}}
                status: {podIP: 10.0.0.2, conditions: [{type: Ready, status: "True"}]}
                """);
        try (Following router = Following.of(server)) {
            router.publishes("team/a-rank-0@10.0.0.1:8000", "team/v2-rank-0@10.0.0.2:8000");
            server.pool("{app: llm, version: v2}", 8000);
            router.publishes("team/v2-rank-0@10.0.0.2:8000");
            server.pool("{app: llm, version: v2}", 7000, 7001);
            router.publishes("team/v2-rank-0@10.0.0.2:7000", "team/v2-rank-1@10.0.0.2:7001");
        }
    }

    @Test
    void offersOnlyTheActivePortsOfAPodUnderBothNames() throws Exception {
        server.serve(ApiKind.POOL).pool("{app: llm}", 8000, 8001, 8002);
        server.pod("a", "10.0.0.1", "True", "annotations: {llm-d.ai/active-ports: '8002, 8000'}");
        server.pod("b", "10.0.0.2", "True", "annotations: {inference.networking.k8s.io/active-ports: '8001'}");
        try (Following router = Following.of(server)) {
            router.publishes(
                    "team/a-rank-0@10.0.0.1:8000", "team/a-rank-2@10.0.0.1:8002", "team/b-rank-1@10.0.0.2:8001");
            server.pod("a", "10.0.0.1", "True", "annotations: {llm-d.ai/active-ports: '8001,http'}");
            router.publishes("team/a-rank-1@10.0.0.1:8001", "team/b-rank-1@10.0.0.2:8001");
            assertTrue(router.rejection().contains("metadata.annotations[llm-d.ai/active-ports]"));
        }
    }

    @Test
    void isEmptyAndNotSyncedOnceThePoolIsDeleted() throws Exception {
        server.serve(ApiKind.POOL).pool("{app: llm}", 8000).pod("a", "10.0.0.1");
        try (Following router = Following.of(server)) {
            router.publishes("team/a-rank-0@10.0.0.1:8000");
            Following.until("synced", router.discovery::synced);
            server.pool("{app: llm}", 8001);
            router.publishes("team/a-rank-0@10.0.0.1:8001");
            server.delete(ApiKind.POOL, "chat");
            router.publishes();
            Following.until("not synced", () -> !router.discovery.synced());
            server.pool("{app: llm}", 8000);
            router.publishes("team/a-rank-0@10.0.0.1:8000");
            Following.until("synced again", router.discovery::synced);
        }
    }

    @Test
    void aPoolWithoutPodsIsSyncedAndOneThatIsNotThereIsNot() throws Exception {
        server.serve(ApiKind.POOL);
        server.put(ApiKind.POOL, """
                metadata: {name: chat}
                spec: {selector: {matchLabels: {app: llm}}, targetPorts: [{number: 80}], appProtocol: kubernetes.io/h2c}
                """);
        try (Following router = Following.of(server);
                Following other = Following.of(server, new PoolSource.Named("other", ApiKind.POOL_GROUP))) {
            router.publishes();
            Following.until("synced", router.discovery::synced);
            assertEquals(Optional.of("kubernetes.io/h2c"), router.discovery.appProtocol());
            other.publishes();
            assertFalse(other.discovery.synced());
        }
    }

    @Test
    void theOlderPoolServesUntilTheNewerKindAppears() throws Exception {
        server.serve(ApiKind.OLD_POOL).put(ApiKind.OLD_POOL, OLD_POOL).pod("a", "10.0.0.1");
        try (Following router = Following.of(server)) {
            router.publishes("team/a-rank-0@10.0.0.1:9000");
            server.pool("{app: llm}", 8000).serve(ApiKind.POOL);
            router.publishes("team/a-rank-0@10.0.0.1:8000");
            server.put(ApiKind.OLD_POOL, OLD_POOL.replace("9000", "9001"));
            server.pod("b", "10.0.0.2");
            router.publishes("team/a-rank-0@10.0.0.1:8000", "team/b-rank-0@10.0.0.2:8000");
        }
    }

    @Test
    void thePoolGroupFlagAsksForTheOlderOne() throws Exception {
        server.serve(ApiKind.OLD_POOL, ApiKind.POOL)
                .put(ApiKind.OLD_POOL, OLD_POOL)
                .pool("{app: llm}", 8000)
                .pod("a", "10.0.0.1");
        try (Following router = Following.of(server, new PoolSource.Named("chat", ApiKind.OLD_POOL_GROUP))) {
            router.publishes("team/a-rank-0@10.0.0.1:9000");
        }
    }

    @Test
    void findsAPoolWhoseKindIsInstalledLater() throws Exception {
        server.pod("a", "10.0.0.1");
        try (Following router = Following.of(server)) {
            Following.until("asked twice", () -> asked("/apis/inference.networking.k8s.io/v1") >= 2);
            assertFalse(router.discovery.synced());
            server.serve(ApiKind.POOL).pool("{app: llm}", 8000);
            router.publishes("team/a-rank-0@10.0.0.1:8000");
        }
    }

    private int questions;

    private int asked(String path) {
        try {
            questions += (int) server.requests().stream()
                    .filter(request -> request.equals("GET " + path))
                    .count();
            return questions;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anEditOfThePoolThatCannotBeReadChangesNothing() throws Exception {
        server.serve(ApiKind.POOL).pool("{app: llm}", 8000).pod("a", "10.0.0.1");
        try (Following router = Following.of(server)) {
            router.publishes("team/a-rank-0@10.0.0.1:8000");
            server.put(ApiKind.POOL, """
                    metadata: {name: chat}
                    spec: {selector: {matchLabels: {app: llm}}, targetPorts: [{number: 70000}]}
                    """);
            assertEquals(
                    "InferencePool team/chat: spec.targetPorts[0].number must be within 1..65535, is 70000",
                    router.rejection());
            server.pod("b", "10.0.0.2");
            router.publishes("team/a-rank-0@10.0.0.1:8000", "team/b-rank-0@10.0.0.2:8000");
        }
    }

    @Test
    void aPodThatCannotBeReadIsLeftOutAndItsFieldNamed() throws Exception {
        server.serve(ApiKind.POOL).pool("{app: llm}", 8000).pod("a", "10.0.0.1");
        server.put(ApiKind.POD, """
                metadata: {name: odd, labels: {app: llm}}
                status: {conditions: [{type: Ready, status: "True"}]}
                """);
        try (Following router = Following.of(server)) {
            router.publishes("team/a-rank-0@10.0.0.1:8000");
            assertEquals("Pod team/odd: status.podIP is missing", router.rejection());
            server.pod("odd", "10.0.0.7");
            router.publishes("team/a-rank-0@10.0.0.1:8000", "team/odd-rank-0@10.0.0.7:8000");
        }
    }

    @Test
    void aSelectorNeedsNoPool() throws Exception {
        server.pod("a", "10.0.0.1");
        PoolSource pods = PoolSource.Selected.of(
                "app=llm,llm-d.ai/role==decode", List.of(8000, 8000), "epp-5d9c-x7", ApiKind.POOL_GROUP);
        assertEquals("epp", pods.name());
        try (Following router = Following.of(server, pods)) {
            router.publishes("team/a-rank-0@10.0.0.1:8000");
            Following.until("synced", router.discovery::synced);
        }
    }
}
