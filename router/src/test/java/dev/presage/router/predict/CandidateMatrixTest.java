package dev.presage.router.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.router.fleet.Dispatch;
import dev.presage.router.fleet.FleetSnapshot;
import dev.presage.router.request.InferenceRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CandidateMatrixTest {
    private static final long MS = 1_000_000;

    @Test
    void everyFeatureComesFromTheState() {
        TestFleet fleet = TestFleet.of(1).scraped(0, 7, 9, 0.25).holds(0, 2);
        Dispatch decoding = fleet.dispatch(0, 500, 100, TestFleet.NOW - 80 * MS);
        decoding.firstToken(TestFleet.NOW - 60 * MS);
        decoding.tokens(20);
        fleet.dispatch(0, 2_000, 1_000, TestFleet.NOW - 40 * MS);
        fleet.dispatch(0, 300, 0, TestFleet.NOW);

        CandidateMatrix matrix = fleet.matrix(TestFleet.request(1_000));

        assertFeature(1_000, matrix, Feature.PROMPT_TOKENS);
        assertFeature(100, matrix, Feature.MAX_TOKENS);
        assertFeature(1_000 - 128, matrix, Feature.UNCACHED_TOKENS);
        assertFeature((1_000.0 * 1_000 - 128 * 128) / 2 * 1e-6, matrix, Feature.OWN_ATTENTION);
        assertFeature(1_300, matrix, Feature.PENDING_TOKENS);
        assertFeature((2_000.0 * 2_000 - 1_000 * 1_000 + 300 * 300) / 2 * 1e-6, matrix, Feature.PENDING_ATTENTION);
        assertFeature(2, matrix, Feature.PENDING_REQUESTS);
        assertFeature(40, matrix, Feature.STALLED_MS);
        assertFeature(1, matrix, Feature.DECODING_REQUESTS);
        assertFeature(520, matrix, Feature.DECODING_CONTEXT);
        double rate = 400 / 20.0 * Math.exp(-0.080 / 20) + 1_000 / 20.0 * Math.exp(-0.040 / 20) + 300 / 20.0;
        assertFeature(rate, matrix, Feature.PREFILL_RATE);
        assertFeature(7, matrix, Feature.WAITING);
        assertFeature(9, matrix, Feature.RUNNING);
        assertFeature(0.25, matrix, Feature.KV_USAGE);
        assertFeature(0, matrix, Feature.LORA_MISS);
        assertFeature(0, matrix, Feature.MEDIA_PARTS);
        assertFeature(TestFleet.request(1).api().category(), matrix, Feature.API);
        assertEquals(128, matrix.cachedTokens(0));
        assertEquals(1, matrix.size());
    }

    @Test
    void anAdapterIsMissedWhereItIsNotInMemory() {
        TestFleet fleet = TestFleet.of(3).adapters(0, Set.of("m"), Set.of()).adapters(1, Set.of(), Set.of("m"));
        CandidateMatrix matrix = fleet.matrix(TestFleet.request(10));
        assertEquals(0, matrix.get(0, Feature.LORA_MISS));
        assertEquals(0.5f, matrix.get(1, Feature.LORA_MISS));
        assertEquals(1, matrix.get(2, Feature.LORA_MISS));
    }

    @Test
    void anAdapterThatIsDeclaredIsMissedWhereNobodyHasLoadedIt() {
        TestFleet fleet = TestFleet.of(2);
        fleet.declare(Set.of("m"));
        CandidateMatrix matrix = fleet.matrix(TestFleet.request(10));
        assertEquals(1, matrix.get(0, Feature.LORA_MISS));
        assertEquals(1, matrix.get(1, Feature.LORA_MISS));
        assertEquals(1, matrix.only(new int[] {1}).get(0, Feature.LORA_MISS));
    }

    @Test
    void aNameThatNoEndpointKnowsAsAdapterIsABaseModel() {
        CandidateMatrix matrix =
                TestFleet.of(2).adapters(0, Set.of("other"), Set.of()).matrix(TestFleet.request(10));
        assertEquals(0, matrix.get(0, Feature.LORA_MISS));
        assertEquals(0, matrix.get(1, Feature.LORA_MISS));
    }

    @Test
    void staleOrMissingSignalsAreReplacedByOwnAccounting() {
        TestFleet fleet = TestFleet.of(2).scraped(0, 7, 9, 0.25, TestFleet.NOW - TestFleet.MAX_AGE - 1);
        for (int endpoint = 0; endpoint < 2; endpoint++) {
            fleet.dispatch(endpoint, 10, 0, 0).firstToken(1);
            fleet.dispatch(endpoint, 10, 0, 2);
            fleet.dispatch(endpoint, 10, 0, 3);
        }

        CandidateMatrix matrix = fleet.matrix(TestFleet.request(10));

        for (int endpoint = 0; endpoint < 2; endpoint++) {
            assertEquals(2, matrix.get(endpoint, Feature.WAITING));
            assertEquals(1, matrix.get(endpoint, Feature.RUNNING));
            assertEquals(0, matrix.get(endpoint, Feature.KV_USAGE));
        }
        fleet.scraped(0, 7, 9, 0.25, TestFleet.NOW - TestFleet.MAX_AGE);
        assertEquals(7, fleet.matrix(TestFleet.request(10)).get(0, Feature.WAITING), "just fresh enough");
    }

    @Test
    void anIdleEndpointIsNotStalled() {
        TestFleet fleet = TestFleet.of(1);
        fleet.dispatch(0, 10, 0, 0).end(1);

        assertFeature(0, fleet.matrix(TestFleet.request(10)), Feature.STALLED_MS);
    }

    @Test
    void progressSeenByAnotherThreadAMomentLaterIsNoStall() {
        TestFleet fleet = TestFleet.of(1);
        fleet.dispatch(0, 10, 0, TestFleet.NOW + 5);

        assertFeature(0, fleet.matrix(TestFleet.request(10)), Feature.STALLED_MS);
    }

    @Test
    void theLastTokenOfAPromptIsAlwaysComputed() {
        TestFleet fleet = TestFleet.of(1).holds(0, 2);

        assertFeature(1, fleet.matrix(TestFleet.request(128)), Feature.UNCACHED_TOKENS);
        CandidateMatrix opaque = fleet.matrix(InferenceRequest.opaque("id", "client"));
        assertFeature(0, opaque, Feature.UNCACHED_TOKENS);
        assertEquals(0, opaque.cachedTokens(0));
    }

    @Test
    void rowsLieBehindEachOtherAndCopiesAreCopies() {
        CandidateMatrix matrix =
                TestFleet.of(3).scraped(1, 5, 0, 0).scraped(2, 6, 0, 0).matrix(TestFleet.request(640));

        assertEquals(3 * FeatureSchema.SIZE, matrix.rows().length);
        for (int i = 0; i < 3; i++) {
            float[] row = matrix.row(i);
            assertArrayEquals(
                    Arrays.copyOfRange(matrix.rows(), i * FeatureSchema.SIZE, (i + 1) * FeatureSchema.SIZE), row);
            row[0] = -1;
            assertEquals(640, matrix.get(i, Feature.PROMPT_TOKENS));
        }
        assertEquals(6, matrix.get(2, Feature.WAITING));
    }

    @Test
    void aLoggedMatrixMustFitItsFleet() {
        CandidateMatrix matrix = TestFleet.of(2).matrix(TestFleet.request(640));
        var fleet = new FleetSnapshot(List.of(matrix.state(0), matrix.state(1)));

        assertThrows(
                IllegalArgumentException.class,
                () -> CandidateMatrix.logged(
                        matrix.request(), fleet, new int[1], matrix.rows(), new boolean[2], new double[2]));
        assertThrows(
                IllegalArgumentException.class,
                () -> CandidateMatrix.logged(
                        matrix.request(),
                        fleet,
                        new int[2],
                        new float[FeatureSchema.SIZE],
                        new boolean[2],
                        new double[2]));
    }

    private static void assertFeature(double expected, CandidateMatrix matrix, Feature feature) {
        assertEquals(expected, matrix.get(0, feature), Math.abs(expected) * 1e-6, feature.key());
    }
}
