package dev.presage.testbed.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkloadTest {
    @ParameterizedTest
    @EnumSource(Workload.class)
    void aTraceIsInOrderNumberedAndTheSameForASeed(Workload workload) {
        List<TraceRequest> trace = workload.trace(3);
        List<TraceRequest> again = workload.trace(3);
        double last = 0;
        for (int i = 0; i < trace.size(); i++) {
            TraceRequest request = trace.get(i);
            assertEquals(i, request.position());
            assertTrue(request.arrivalMs() >= last, workload + " request " + i);
            last = request.arrivalMs();
            assertEquals(request.arrivalMs(), again.get(i).arrivalMs());
            assertArrayEquals(request.hashIds(), again.get(i).hashIds());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Workload.class,
            names = {"AZURE_SESSIONS", "AGENTS", "SHARED_16"})
    void madeTracesSharePrefixes(Workload workload) {
        Set<Long> seen = new HashSet<>();
        long blocks = 0;
        long shared = 0;
        for (TraceRequest request : workload.trace(1)) {
            for (long id : request.hashIds()) {
                blocks++;
                shared += seen.add(id) ? 0 : 1;
            }
        }
        double share = (double) shared / blocks;
        assertTrue(share > 0.1 && share < 0.999, workload + " shares " + share);
    }

    @Test
    void equalIdsMeanEqualPrefixes() {
        for (TraceRequest request : Workload.AGENTS.trace(2)) {
            Set<Long> own = new HashSet<>();
            for (long id : request.hashIds()) {
                assertTrue(own.add(id), "an id twice in one prompt");
            }
        }
    }

    @Test
    void anUnknownNameListsTheKnown() {
        String message = assertThrows(IllegalArgumentException.class, () -> Workload.named("nope"))
                .getMessage();
        assertTrue(message != null && message.contains("shared-prompt-64"), message);
    }
}
