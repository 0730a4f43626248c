package dev.presage.pipeline.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.proto.EndCause;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.proto.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Invariants of the join under losses, copies and any interleaving of the two topics. jqwik prints the seed of a failure. */
class JoinInvariantsTest {
    private static final int REQUESTS = 12;

    /** One record that reaches the join: whose, which half, and how far stream time moves before it. */
    record Arrival(int request, boolean isDecision, long aheadMs) {}

    /** How each request ended, and what arrived in which order; records may be missing or repeated. */
    record History(List<EndCause> ends, List<Arrival> arrivals) {
        Set<String> completedAndWhole() {
            Set<String> ids = new HashSet<>();
            for (int request = 0; request < ends.size(); request++) {
                if (ends.get(request) == EndCause.COMPLETED && arrived(request, true) && arrived(request, false)) {
                    ids.add("r" + request);
                }
            }
            return ids;
        }

        private boolean arrived(int request, boolean decision) {
            return arrivals.stream().anyMatch(a -> a.request == request && a.isDecision == decision);
        }

        OutcomeEvent outcome(int request) {
            return Events.outcome("r" + request, JoinBench.START + request)
                    .setCause(ends.get(request))
                    .build();
        }
    }

    @Provide
    Arbitrary<History> withinRetention() {
        // 200 arrivals of at most 2 s each stay within the ten minutes of retention.
        return histories(0, 2_000);
    }

    @Provide
    Arbitrary<History> farBeyondRetention() {
        return histories(0, 2 * JoinBench.RETENTION.toMillis());
    }

    private static Arbitrary<History> histories(long minStep, long maxStep) {
        Arbitrary<List<EndCause>> ends = Arbitraries.of(
                        EndCause.COMPLETED,
                        EndCause.COMPLETED,
                        EndCause.EVICTED,
                        EndCause.UPSTREAM_ERROR,
                        EndCause.CLIENT_DISCONNECT,
                        EndCause.END_CAUSE_UNSPECIFIED)
                .list()
                .ofSize(REQUESTS);
        Arbitrary<Arrival> arrival = Combinators.combine(
                        Arbitraries.integers().between(0, REQUESTS - 1),
                        Arbitraries.of(true, false),
                        Arbitraries.longs().between(minStep, maxStep))
                .as(Arrival::new);
        return Combinators.combine(ends, arrival.list().ofMinSize(1).ofMaxSize(200))
                .as(History::new);
    }

    @Property(tries = 300)
    void oneSamplePerCompletedRequest(@ForAll("withinRetention") History history) {
        List<String> sampled = run(history).stream().map(Sample::getRequestId).toList();
        assertEquals(history.completedAndWhole(), Set.copyOf(sampled));
        assertEquals(history.completedAndWhole().size(), sampled.size(), "no request is sampled twice");
    }

    @Property(tries = 300)
    void neverFromAnError(@ForAll("farBeyondRetention") History history) {
        Set<String> completed = history.completedAndWhole();
        for (Sample sample : run(history)) {
            assertTrue(completed.contains(sample.getRequestId()), sample.getRequestId());
        }
    }

    @Property(tries = 300)
    void neverTwiceHoweverLateTheCopy(@ForAll("farBeyondRetention") History history) {
        List<Sample> samples = run(history);
        Set<String> distinct = samples.stream().map(Sample::getRequestId).collect(Collectors.toSet());
        assertEquals(distinct.size(), samples.size());
    }

    private static List<Sample> run(History history) {
        Path unused = Path.of(System.getProperty("java.io.tmpdir"), "presage-join-invariants");
        try (JoinBench bench = new JoinBench(unused, JoinSettings.Store.MEMORY)) {
            long now = JoinBench.START;
            for (Arrival arrival : history.arrivals()) {
                now += arrival.aheadMs();
                if (arrival.isDecision()) {
                    bench.decision(
                            Events.decision("r" + arrival.request(), JoinBench.START)
                                    .build(),
                            now);
                } else {
                    bench.outcome(history.outcome(arrival.request()), now);
                }
                assertEquals(bench.remembered(), bench.aged(), "every entry has one age");
                assertTrue(bench.remembered() <= REQUESTS);
            }
            return new ArrayList<>(bench.samples());
        }
    }
}
