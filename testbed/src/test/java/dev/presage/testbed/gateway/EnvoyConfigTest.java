package dev.presage.testbed.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class EnvoyConfigTest {
    private static final List<Lane> LANES = List.of(new Lane("heuristic", 9001), new Lane("learned", 9002));

    @Test
    void givesEachLaneAListenerThatAsksItsOwnRouter() {
        Map<?, ?> resources = resources(false);
        List<?> listeners = (List<?>) resources.get("listeners");
        List<?> clusters = (List<?>) resources.get("clusters");
        assertEquals(2, listeners.size());
        assertEquals(3, clusters.size());
        assertEquals("heuristic", ((Map<?, ?>) listeners.get(0)).get("name"));
        assertTrue(listeners.get(1).toString().contains("cluster_name=router-learned"));
        assertTrue(clusters.get(2).toString().contains("port_value=9002"));
        assertFalse(clusters.get(2).toString().contains("transport_socket"));
    }

    @Test
    void asksInFullDuplexAndFailsClosed() {
        String listener = resources(false).get("listeners").toString();
        assertTrue(listener.contains("request_body_mode=FULL_DUPLEX_STREAMED"));
        assertTrue(listener.contains("response_body_mode=FULL_DUPLEX_STREAMED"));
        assertTrue(listener.contains("response_trailer_mode=SEND"));
        assertTrue(listener.contains("failure_mode_allow=false"));
    }

    @Test
    void speaksTlsToARouterThatServesIt() {
        List<?> clusters = (List<?>) resources(true).get("clusters");
        assertFalse(clusters.get(0).toString().contains("transport_socket"));
        assertTrue(clusters.get(1).toString().contains("alpn_protocols=[h2]"));
    }

    @Test
    void bindsNothingButLoopback() {
        String text = yaml(false);
        assertEquals(text.split("address: 127.0.0.1", -1).length, text.split("socket_address: \\{address:", -1).length);
    }

    @Test
    void refusesNamesThatAreNotPlain() {
        assertThrows(IllegalArgumentException.class, () -> new Lane("a: b", 1));
        assertThrows(IllegalArgumentException.class, () -> new Lane("a", 0));
        assertThrows(IllegalArgumentException.class, () -> new EnvoyConfig(List.of(), Path.of("x"), false));
    }

    private static String yaml(boolean tls) {
        return new EnvoyConfig(LANES, Path.of("admin"), tls).yaml();
    }

    private static Map<?, ?> resources(boolean tls) {
        Map<?, ?> root = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml(tls));
        return (Map<?, ?>) root.get("static_resources");
    }
}
