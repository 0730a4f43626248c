package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProtocolsTest {
    @Test
    void aPoolWhoseProtocolIsNotReadKeepsTheRouterUnready() {
        assertTrue(Protocols.match(Optional.empty()));
        assertTrue(Protocols.match(Optional.of("http")));
        assertTrue(Protocols.match(Optional.of("kubernetes.io/h2c")));
        assertFalse(Protocols.match(Optional.of("kubernetes.io/ws")));
    }
}
