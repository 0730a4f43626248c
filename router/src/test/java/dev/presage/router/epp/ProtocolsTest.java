package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProtocolsTest {
    private static final List<String> STANDARD =
            List.of("openai-parser", "anthropic-parser", "vllmhttp-parser", "passthrough-parser");

    @Test
    void aPoolWhoseProtocolIsNotReadKeepsTheRouterUnready() {
        assertTrue(Protocols.match(Optional.empty(), STANDARD));
        assertTrue(Protocols.match(Optional.of("http"), STANDARD));
        assertTrue(Protocols.match(Optional.of("kubernetes.io/h2c"), STANDARD));
        assertFalse(Protocols.match(Optional.of("kubernetes.io/ws"), STANDARD));
    }

    @Test
    void everyParserMustReadIt() {
        List<String> framed = List.of("openai-parser", "vllmgrpc-parser");
        assertFalse(Protocols.match(Optional.of("http"), framed));
        assertTrue(Protocols.match(Optional.of("kubernetes.io/h2c"), framed));
        assertTrue(Protocols.match(Optional.of("kubernetes.io/ws"), List.of("passthrough-parser")));
    }
}
