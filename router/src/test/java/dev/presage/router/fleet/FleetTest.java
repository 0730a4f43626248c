package dev.presage.router.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetTest {
    private static final Endpoint A = new Endpoint("ns/a-rank-0", "10.0.0.1", 8000, Map.of());
    private static final Endpoint B = new Endpoint("ns/b-rank-0", "10.0.0.2", 8000, Map.of());
    private static final Endpoint C = new Endpoint("ns/c-rank-0", "fd00::3", 8000, Map.of());
    private static final EngineSignals BUSY = new EngineSignals(3, 4, 0.5, 16, 100, Set.of(), 7);

    private final Fleet fleet = new Fleet();

    @Test
    void aFleetStartsEmpty() {
        assertEquals(List.of(), fleet.endpoints());
        assertEquals(0, fleet.snapshot().size());
        assertNull(fleet.twin(A));
        fleet.signals(A.id(), BUSY);
    }

    @Test
    void aSnapshotKeepsDiscoveryOrder() {
        fleet.replace(List.of(C, A, B));

        assertEquals(List.of(C, A, B), fleet.endpoints());
        assertEquals(
                List.of(C, A, B),
                fleet.snapshot().endpoints().stream()
                        .map(EndpointState::endpoint)
                        .toList());
    }

    @Test
    void anEndpointWithTheSameIdAndAddressKeepsTwinAndSignals() {
        fleet.replace(List.of(A, B));
        EndpointTwin twin = fleet.twin(A);
        fleet.signals(A.id(), BUSY);

        Endpoint relabelled = new Endpoint(A.id(), A.host(), A.port(), Map.of("accelerator", "h100"));
        fleet.replace(List.of(relabelled));

        assertSame(twin, fleet.twin(A));
        EndpointState state = fleet.snapshot().get(0);
        assertSame(relabelled, state.endpoint());
        assertEquals(BUSY, state.signals());
    }

    @Test
    void aRestartedEndpointIsForgotten() {
        fleet.replace(List.of(A));
        EndpointTwin twin = fleet.twin(A);
        fleet.signals(A.id(), BUSY);

        fleet.replace(List.of(new Endpoint(A.id(), "10.0.0.9", 8000, Map.of())));

        assertNotSame(twin, fleet.twin(A));
        assertEquals(
                EngineSignals.UNKNOWN, fleet.snapshot().endpoints().getFirst().signals());
    }

    @Test
    void aRemovedEndpointIsForgotten() {
        fleet.replace(List.of(A, B));
        EndpointTwin twin = fleet.twin(A);
        fleet.replace(List.of(B));

        assertNull(fleet.twin(A));
        assertEquals(1, fleet.snapshot().size());
        fleet.replace(List.of(A, B));
        assertNotSame(twin, fleet.twin(A));
    }

    @Test
    void aSnapshotDoesNotMoveWithTheFleet() {
        fleet.replace(List.of(A));
        FleetSnapshot before = fleet.snapshot();
        Objects.requireNonNull(fleet.twin(A)).dispatch(10, 0, 1);
        fleet.replace(List.of());

        assertEquals(1, before.size());
        assertEquals(0, before.get(0).queue().inFlight());
        assertThrows(
                UnsupportedOperationException.class, () -> before.endpoints().clear());
    }

    @Test
    void aFilterKeepsOrderAndCopiesOnlyWhenItMust() {
        fleet.replace(List.of(A, B, C));
        FleetSnapshot all = fleet.snapshot();

        assertSame(all, all.where(endpoint -> true));
        assertEquals(
                List.of(A, C),
                all.where(endpoint -> !endpoint.equals(B)).endpoints().stream()
                        .map(EndpointState::endpoint)
                        .toList());
        assertEquals(0, all.where(endpoint -> false).size());
    }

    @Test
    void signalsMustBeNumbersAndAgeFromTheirScrape() {
        for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new EngineSignals(bad, 0, 0, 0, 0, Set.of(), 0));
            assertThrows(IllegalArgumentException.class, () -> new EngineSignals(0, bad, 0, 0, 0, Set.of(), 0));
        }
        assertThrows(IllegalArgumentException.class, () -> new EngineSignals(0, 0, Double.NaN, 0, 0, Set.of(), 0));
        assertEquals(1, new EngineSignals(0, 0, 1.5, 0, 0, Set.of(), 0).kvUsage());
        assertEquals(true, BUSY.fresh(17, 10));
        assertEquals(false, BUSY.fresh(18, 10));
        assertEquals(false, EngineSignals.UNKNOWN.fresh(0, Long.MAX_VALUE));
        assertEquals(1_600, BUSY.kvCapacityTokens());
    }

    @Test
    void theClassIsTheLabelsThatNameTheHardwareElseTheEndpointItself() {
        assertEquals("ns/a-rank-0", A.endpointClass());
        assertEquals(
                "h100/8",
                new Endpoint("x", "h", 1, Map.of("tensor-parallel", "8", "accelerator", "h100", "app", "vllm"))
                        .endpointClass());
        assertEquals("[fd00::3]:8000", C.address());
        assertEquals("10.0.0.1:8000", A.address());
    }
}
