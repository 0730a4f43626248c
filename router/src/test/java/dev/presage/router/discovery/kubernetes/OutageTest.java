package dev.presage.router.discovery.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers that are away, and what servers have been seen to send, recorded frame by frame. */
class OutageTest {
    private static final String PODS = "/api/v1/namespaces/team/pods";
    private static final String WATCH =
            PODS + "?allowWatchBookmarks=true&resourceVersion=7&timeoutSeconds=600&watch=true";

    @Test
    void aRouterThatStartsWithoutAServerBecomesReadyWhenItComes() throws Exception {
        int port = freePort();
        try (Following router = Following.at(port, Following.settings(Following.CHAT, false, "one"))) {
            assertFalse(router.discovery.synced());
            try (ApiServer server = new ApiServer(port)) {
                server.serve(ApiKind.POOL).pool("{app: llm}", 8000).pod("a", "10.0.0.1");
                router.publishes("team/a-rank-0@10.0.0.1:8000");
                Following.until("synced", router.discovery::synced);
            }
        }
    }

    @Test
    void aServerThatGoesAwayTakesNothingWithItAndIsFollowedAgain() throws Exception {
        int port = freePort();
        ApiServer server = new ApiServer(port);
        server.serve(ApiKind.POOL).pool("{app: llm}", 8000).pod("a", "10.0.0.1");
        try (Following router = Following.at(port, Following.settings(Following.CHAT, false, "one"))) {
            router.publishes("team/a-rank-0@10.0.0.1:8000");
            Following.until("synced", router.discovery::synced);
            server.close();
            router.disconnect();
            assertTrue(router.discovery.synced());
            assertNull(router.poll(), "an outage is not news of the pool");
            try (ApiServer next = new ApiServer(port)) {
                next.serve(ApiKind.POOL)
                        .pool("{app: llm}", 8000)
                        .pod("a", "10.0.0.1")
                        .pod("b", "10.0.0.2");
                router.publishes("team/a-rank-0@10.0.0.1:8000", "team/b-rank-0@10.0.0.2:8000");
            }
        }
    }

    @Test
    void listsAgainWhenItsVersionIsTooOld() throws Exception {
        try (ApiServer server = recorded("""
                {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
                "message":"too old resource version: 7 (9000)","reason":"Expired","code":410}}""")) {
            server.pod("b", "10.0.0.2");
            try (Following router = Following.of(server)) {
                router.publishes("team/recorded-rank-0@10.0.0.7:8000");
                router.publishes("team/b-rank-0@10.0.0.2:8000");
            }
        }
    }

    @Test
    void aFrameThatIsNoObjectDoesNotEndTheWatching() throws Exception {
        for (String frame : List.of(
                "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}}",
                "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":7}}",
                "{\"type\":\"SURPRISE\",\"object\":{}}",
                "not json")) {
            try (ApiServer server = recorded(frame)) {
                server.pod("b", "10.0.0.2");
                try (Following router = Following.of(server)) {
                    router.publishes("team/recorded-rank-0@10.0.0.7:8000");
                    router.publishes("team/b-rank-0@10.0.0.2:8000");
                }
            }
        }
    }

    @Test
    void aConnectionThatEndsAfterAnEventIsOpenedAgainAndCounted() throws Exception {
        try (ApiServer server = recorded(RECORDED_POD.formatted("ADDED", "second", "10.0.0.8"))) {
            server.pod("c", "10.0.0.3");
            try (Following router = Following.of(server)) {
                router.publishes("team/recorded-rank-0@10.0.0.7:8000");
                router.publishes("team/recorded-rank-0@10.0.0.7:8000", "team/second-rank-0@10.0.0.8:8000");
                assertEquals("pods", router.disconnect());
                router.publishes(
                        "team/c-rank-0@10.0.0.3:8000",
                        "team/recorded-rank-0@10.0.0.7:8000",
                        "team/second-rank-0@10.0.0.8:8000");
            }
        }
    }

    private static final String RECORDED_POD = """
            {"type":"%s","object":{"kind":"Pod","apiVersion":"v1",
            "metadata":{"name":"%s","namespace":"team","uid":"u","resourceVersion":"8","labels":{"app":"llm"}},
            "status":{"podIP":"%s","conditions":[{"type":"Ready","status":"True"}]}}}""";

    /** A server whose first list of pods and first watch of them are recorded; after these it tells what it really has. */
    private static ApiServer recorded(String frame) {
        ApiServer server = new ApiServer();
        server.serve(ApiKind.POOL).pool("{app: llm}", 8000);
        server.recordings()
                .expect()
                .get()
                .withPath(PODS + "?resourceVersion=0")
                .andReturn(200, """
                        {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[
                        {"metadata":{"name":"recorded","namespace":"team","resourceVersion":"5","labels":{"app":"llm"}},
                        "status":{"podIP":"10.0.0.7","conditions":[{"type":"Ready","status":"True"}]}}]}""")
                .once();
        server.recordings()
                .expect()
                .get()
                .withPath(WATCH)
                .andUpgradeToWebSocket()
                .open()
                .waitFor(300)
                .andEmit(frame)
                .done()
                .once();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
