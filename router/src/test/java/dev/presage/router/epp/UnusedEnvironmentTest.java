package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnusedEnvironmentTest {
    @Test
    void theSidecarsVariablesAreNamedOnce() {
        assertEquals(
                List.of("LATENCY_MAX_BULK_SIZE, PREDICTION_SERVER_URL have no effect: the predictor is built in and"
                        + " needs no sidecar"),
                UnusedEnvironment.warnings(Map.of(
                        "PREDICTION_SERVER_URL",
                        "http://localhost:8001",
                        "LATENCY_MAX_BULK_SIZE",
                        "100",
                        "HOME",
                        "/")));
        assertEquals(List.of(), UnusedEnvironment.warnings(Map.of("NAMESPACE", "a")));
    }
}
