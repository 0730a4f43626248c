package dev.presage.router.discovery.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ElectionTest {
    private static final ApiKind OBJECTIVE = ApiKind.OBJECTIVES.getFirst();

    private final ApiServer server = new ApiServer();

    @BeforeEach
    void pool() {
        server.serve(ApiKind.POOL, OBJECTIVE).pool("{app: llm}", 8000).pod("a", "10.0.0.1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void oneOfTwoLeadsAndHandsTheLeaseOverWhenItDrains() throws Exception {
        try (Following first = elected("first")) {
            Following.until("first leads", first.discovery::leads);
            assertEquals("first", holder());
            try (Following second = elected("second")) {
                second.publishes("team/a-rank-0@10.0.0.1:8000");
                Following.until("standby keeps its fleet", second.discovery::synced);
                assertFalse(second.discovery.leads());
                first.discovery.resign();
                assertNotEquals("first", holder(), "the Lease is given back, not left to expire");
                assertFalse(first.discovery.leads());
                Following.until("second leads", second.discovery::leads);
                assertEquals("second", holder());
                server.pod("b", "10.0.0.2");
                first.publishes("team/a-rank-0@10.0.0.1:8000", "team/b-rank-0@10.0.0.2:8000");
            }
        }
    }

    @Test
    void aColdStandbyLearnsTheFleetWhenItLeads() throws Exception {
        try (Following first = elected("first")) {
            Following.until("first leads", first.discovery::leads);
            first.publishes("team/a-rank-0@10.0.0.1:8000");
            KubernetesSettings cold =
                    Following.settings(Following.CHAT, true, "second").coldStandby();
            try (Following second = Following.at(server.port(), cold)) {
                server.put(OBJECTIVE, "{metadata: {name: gold}, spec: {priority: 7, poolRef: {name: chat}}}");
                Following.until(
                        "rules are read",
                        () -> second.discovery.rules().priorities().equals(Map.of("gold", 7)));
                assertNull(second.poll());
                assertFalse(second.discovery.synced());
                first.discovery.resign();
                second.publishes("team/a-rank-0@10.0.0.1:8000");
                Following.until("synced", second.discovery::synced);
                second.discovery.resign();
                server.pod("b", "10.0.0.2");
                second.publishes("team/a-rank-0@10.0.0.1:8000", "team/b-rank-0@10.0.0.2:8000");
            }
        }
    }

    @Test
    void onlyTheLeaderWritesStatuses() throws Exception {
        try (Following first = elected("first")) {
            Following.until("first leads", first.discovery::leads);
            try (Following second = elected("second")) {
                Following.until("second is warm", second.discovery::synced);
                first.discovery.resign();
                first.close();
                server.put(OBJECTIVE, "{metadata: {name: gold}, spec: {priority: 7, poolRef: {name: chat}}}");
                Following.until(
                        "known to the standby",
                        () -> second.discovery.rules().priorities().equals(Map.of("gold", 7)));
                Following.until("written by the new leader", () -> Objects.requireNonNull(server.get(OBJECTIVE, "gold"))
                        .getAdditionalProperties()
                        .containsKey("status"));
                assertTrue(second.discovery.leads(), "a standby has written");
            }
        }
    }

    @Test
    void aServerThatGoesAwayDoesNotEndTheLead() throws Exception {
        try (Following only = elected("only")) {
            Following.until("leads", only.discovery::leads);
            server.close();
            only.disconnect();
            assertTrue(only.discovery.leads());
        }
    }

    private Following elected(String identity) {
        return Following.at(server.port(), Following.settings(Following.CHAT, true, identity));
    }

    private String holder() {
        Lease lease = server.client()
                .leases()
                .inNamespace(ApiServer.NAMESPACE)
                .withName("epp-team-chat.llm-d.ai")
                .get();
        return lease.getSpec().getHolderIdentity();
    }
}
