package dev.presage.testbed.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class EnvoyConfigTest {
    private static final List<Lane> LANES = List.of(new Lane("heuristic", 9001), new Lane("learned", 9002));

    @Test
    void givesEachLaneAListenerThatAsksItsOwnRouter() {
        JsonNode listeners = resources(false).path("listeners");
        JsonNode clusters = resources(false).path("clusters");
        assertEquals(2, listeners.size());
        assertEquals(3, clusters.size());
        assertEquals("heuristic", listeners.at("/0/name").asText());
        assertEquals(
                "router-learned",
                listeners.get(1).findValue("envoy_grpc").path("cluster_name").asText());
        assertEquals(9002, clusters.get(2).findValue("port_value").asInt());
        assertFalse(clusters.get(2).has("transport_socket"));
    }

    @Test
    void asksInFullDuplexAndFailsClosed() {
        JsonNode listener = resources(false).at("/listeners/0");
        JsonNode mode = listener.findValue("processing_mode");
        assertEquals("FULL_DUPLEX_STREAMED", mode.path("request_body_mode").asText());
        assertEquals("FULL_DUPLEX_STREAMED", mode.path("response_body_mode").asText());
        assertEquals("SEND", mode.path("response_trailer_mode").asText());
        assertFalse(listener.findValue("failure_mode_allow").asBoolean(true));
    }

    @Test
    void speaksTlsToARouterThatServesIt() {
        JsonNode clusters = resources(true).path("clusters");
        assertFalse(clusters.get(0).has("transport_socket"));
        assertEquals("h2", clusters.get(1).findValue("alpn_protocols").path(0).asText());
    }

    @Test
    void aLaneWithoutRouterAsksNobody() {
        String yaml = new EnvoyConfig(List.of(new Lane("straight", 0)), Path.of("admin"), false).yaml();
        JsonNode resources = new ObjectMapper()
                .valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml))
                .path("static_resources");
        assertEquals(1, resources.path("clusters").size());
        assertEquals(1, resources.findValue("http_filters").size());
    }

    @Test
    void bindsNothingButLoopback() {
        String text = yaml(false);
        assertEquals(text.split("address: 127.0.0.1", -1).length, text.split("socket_address: \\{address:", -1).length);
    }

    @Test
    void refusesNamesThatAreNotPlain() {
        assertThrows(IllegalArgumentException.class, () -> new Lane("a: b", 1));
        assertThrows(IllegalArgumentException.class, () -> new Lane("a", -1));
        assertThrows(IllegalArgumentException.class, () -> new EnvoyConfig(List.of(), Path.of("x"), false));
    }

    private static String yaml(boolean tls) {
        return new EnvoyConfig(LANES, Path.of("admin"), tls).yaml();
    }

    private static JsonNode resources(boolean tls) {
        Object root = new Load(LoadSettings.builder().build()).loadFromString(yaml(tls));
        return new ObjectMapper().valueToTree(root).path("static_resources");
    }
}
