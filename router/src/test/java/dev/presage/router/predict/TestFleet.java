package dev.presage.router.predict;

import dev.presage.router.fleet.Dispatch;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;

/** A fleet whose states a test sets one by one, at a clock that stands at {@link #NOW}. */
public final class TestFleet {
    public static final long NOW = 1_000_000_000;
    public static final long MAX_AGE = 200_000_000;

    private final Fleet fleet = new Fleet();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final ApproximatePrefixIndex prefixes = new ApproximatePrefixIndex(1 << 20);

    /** Idle endpoints of these classes; an empty class leaves the endpoint unlabelled. */
    public TestFleet(String... classes) {
        for (String name : classes) {
            int number = endpoints.size();
            endpoints.add(new Endpoint(
                    "test/pod-" + number + "-rank-0",
                    "10.0.0." + (number + 1),
                    8000,
                    name.isEmpty() ? Map.of() : Map.of("presage.dev/class", name)));
        }
        fleet.replace(endpoints);
    }

    /** That many unlabelled ones. */
    public static TestFleet of(int count) {
        String[] classes = new String[count];
        Arrays.fill(classes, "");
        return new TestFleet(classes);
    }

    public TestFleet scraped(int endpoint, double waiting, double running, double kvUsage) {
        return scraped(endpoint, waiting, running, kvUsage, NOW);
    }

    TestFleet scraped(int endpoint, double waiting, double running, double kvUsage, long atNanos) {
        fleet.signals(
                endpoints.get(endpoint).id(), new EngineSignals(waiting, running, kvUsage, 16, 0, Set.of(), atNanos));
        return this;
    }

    /** Adapters with running and with waiting requests. */
    public TestFleet adapters(int endpoint, Set<String> running, Set<String> waiting) {
        fleet.signals(
                endpoints.get(endpoint).id(),
                new EngineSignals(0, 0, 0, 16, 0, running, waiting, 4, running, Map.of(), NOW - 2 * MAX_AGE));
        return this;
    }

    /** These names are adapters, says discovery. */
    void declare(Set<String> names) {
        fleet.adapters(names);
    }

    /** A request on its way there. */
    public Dispatch dispatch(int endpoint, int promptTokens, int cachedTokens, long atNanos) {
        return Objects.requireNonNull(fleet.twin(endpoints.get(endpoint)))
                .dispatch(promptTokens, cachedTokens, atNanos);
    }

    /** The same for a request whose TPOT is to be kept. */
    public Dispatch dispatch(int endpoint, int promptTokens, double tpotTargetMs) {
        return Objects.requireNonNull(fleet.twin(endpoints.get(endpoint))).dispatch(promptTokens, 0, tpotTargetMs, NOW);
    }

    /** The endpoint holds the first blocks of {@link #request}. */
    public TestFleet holds(int endpoint, int blocks) {
        prefixes.sent(endpoints.get(endpoint), LongStream.range(0, blocks).toArray());
        return this;
    }

    public CandidateMatrix matrix(InferenceRequest request) {
        return matrix(request, new EndpointResiduals());
    }

    CandidateMatrix matrix(InferenceRequest request, EndpointResiduals residuals) {
        return CandidateMatrix.of(request, fleet.snapshot(), prefixes, residuals, NOW, MAX_AGE);
    }

    /** A request whose block hashes count from 0. */
    public static InferenceRequest request(int promptTokens) {
        long[] blocks = LongStream.range(0, promptTokens / InferenceRequest.BLOCK_TOKENS)
                .toArray();
        return new InferenceRequest("r", "client", "m", "m", Api.CHAT, promptTokens, blocks, 100, true, 0, Map.of());
    }
}
