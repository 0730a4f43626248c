package dev.presage.router.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.yaml.InvalidDocumentException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsFileTest {
    @Test
    void yamlAndJsonSayTheSame() {
        List<Endpoint> expected = List.of(
                new Endpoint("default/a-rank-0", "10.0.0.1", 8000, Map.of("accelerator", "h100")),
                new Endpoint("prod/b-rank-0", "10.0.0.2", 8001, Map.of()));
        assertEquals(expected, parse("""
                endpoints:
                  - {name: a, address: 10.0.0.1, port: "8000", labels: {accelerator: h100}}
                  - name: b
                    namespace: prod
                    address: 10.0.0.2
                    port: 8001
                """));
        assertEquals(
                expected,
                parse("{\"endpoints\": [\n"
                        + "\t{\"name\":\"a\",\"address\":\"10.0.0.1\",\"port\":\"8000\",\"labels\":{\"accelerator\":\"h100\"}},\n"
                        + "\t{\"name\":\"b\",\"namespace\":\"prod\",\"address\":\"10.0.0.2\",\"port\":\"8001\"}]}"));
        assertEquals(List.of(), parse("endpoints: []"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            address: localhost, port: "1"   | endpoints[0].address must be an IPv4 literal, is "localhost"
            address: 10.0.0.256, port: "1"  | IPv4
            address: 010.0.0.1, port: "1"   | IPv4
            address: "::1", port: "1"       | IPv4
            address: 10.0.0.1, port: "0"    | endpoints[0].port must be within 1..65535, is "0"
            address: 10.0.0.1, port: 65536  | 1..65535
            address: 10.0.0.1, port: http   | 1..65535
            address: 10.0.0.1               | needs the field port
            address: 10.0.0.1, port: "1", weight: 3 | endpoints[0].weight is not a known field
            address: 10.0.0.1, port: "1", port: "2" | given twice
            """)
    void anErrorNamesLineFieldAndBound(String fields, String expected) {
        String message = refusal("endpoints:\n- {name: a, " + fields + "}\n");
        assertTrue(message.contains("file line 2: ") && message.contains(expected), message);
    }

    @Test
    void repeatedTooManyOrUnreadableIsRefused() {
        String a = "- {name: a, address: 10.0.0.1, port: \"1\"}\n";
        assertTrue(refusal("endpoints:\n" + a + a).contains("repeats the endpoint default/a-rank-0"));
        assertTrue(refusal("endpoints:\n" + "- a\n".repeat(4097)).contains("more than 4096"));
        assertTrue(refusal(" ".repeat((1 << 20) + 1)).contains("more than 1048576"));
        assertTrue(refusal("").contains("empty"));
        assertTrue(refusal("endpoints: [").contains("not YAML"));
        byte[] broken = {(byte) 0xc3, '('};
        var refusal = assertThrows(InvalidDocumentException.class, () -> EndpointsFile.parse("file", broken));
        assertTrue(refusal.toString().contains("UTF-8"));
    }

    private static String refusal(String text) {
        return String.valueOf(
                assertThrows(InvalidDocumentException.class, () -> parse(text)).getMessage());
    }

    private static List<Endpoint> parse(String text) {
        return EndpointsFile.parse("file", text.getBytes(StandardCharsets.UTF_8));
    }
}
