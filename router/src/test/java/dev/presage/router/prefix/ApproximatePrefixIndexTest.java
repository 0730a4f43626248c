package dev.presage.router.prefix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EndpointState;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.FleetSnapshot;
import dev.presage.router.fleet.QueueState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ApproximatePrefixIndexTest {
    private static final int BLOCK = 64;
    private static final Endpoint A = new Endpoint("ns/a", "10.0.0.1", 8000, Map.of());
    private static final Endpoint B = new Endpoint("ns/b", "10.0.0.2", 8000, Map.of());
    private static final Endpoint A_RESTARTED = new Endpoint("ns/a", "10.0.0.9", 8000, Map.of());

    /** Four blocks each. */
    private final ApproximatePrefixIndex index = new ApproximatePrefixIndex(4 * BLOCK);

    @Test
    void onlyAContiguousMatchFromTheStartCounts() {
        served(A, blocks(1, 2, 3));

        assertEquals(3, index.match(A, blocks(1, 2, 3)));
        assertEquals(2, index.match(A, blocks(1, 2, 9)));
        assertEquals(1, index.match(A, blocks(1, 9, 3)));
        assertEquals(0, index.match(A, blocks(9, 2, 3)));
        assertEquals(3, index.match(A, blocks(1, 2, 3, 4)));
        assertEquals(0, index.match(A, blocks()));
        assertEquals(0, index.match(B, blocks(1, 2, 3)), "sent elsewhere");
    }

    @Test
    void whatDoesNotFitPushesOutTheLeastRecentlyUsed() {
        served(A, blocks(1, 2));
        served(A, blocks(3, 4));
        served(A, blocks(1, 2));
        served(A, blocks(5, 6));

        assertEquals(2, index.match(A, blocks(1, 2)));
        assertEquals(0, index.match(A, blocks(3, 4)));
        assertEquals(2, index.match(A, blocks(5, 6)));
    }

    @Test
    void whatARequestInFlightUsesIsNotEvicted() {
        index.sent(A, blocks(1, 2));
        served(A, blocks(3, 4));
        served(A, blocks(5, 6));
        assertEquals(2, index.match(A, blocks(1, 2)), "the oldest, but in use");
        assertEquals(0, index.match(A, blocks(3, 4)));

        index.ended(A, blocks(1, 2), 0);
        served(A, blocks(7, 8));
        assertEquals(2, index.match(A, blocks(1, 2)), "used last when its request ended");
        assertEquals(0, index.match(A, blocks(5, 6)));
    }

    @Test
    void whatWaitsForRoomTakesItAsSoonAsARequestEnds() {
        index.sent(A, blocks(1, 2, 3));
        index.sent(A, blocks(4, 5, 6));
        assertEquals(3, index.match(A, blocks(1, 2, 3)));

        index.ended(A, blocks(1, 2, 3), 0);
        assertEquals(1, index.match(A, blocks(1, 2, 3)));
        assertEquals(3, index.match(A, blocks(4, 5, 6)));
    }

    @Test
    void whatWasNotSentAfterAllIsForgottenUnlessOthersUseIt() {
        served(A, blocks(1));
        index.sent(A, blocks(1, 2, 3));
        index.sent(A, blocks(1, 2));
        index.withdrawn(A, blocks(1, 2, 3), 1);
        assertEquals(2, index.match(A, blocks(1, 2, 3)));

        index.withdrawn(A, blocks(1, 2), 1);
        assertEquals(1, index.match(A, blocks(1, 2, 3)));
        served(A, blocks(5, 6, 7, 8));
        assertEquals(0, index.match(A, blocks(1)), "in use no longer");
    }

    @Test
    void displacementIsWhatIsWantedAgainOfWhatLeavesNext() {
        FleetSnapshot fleet = new FleetSnapshot(Stream.of(A, B)
                .map(each -> new EndpointState(each, EngineSignals.UNKNOWN, QueueState.IDLE))
                .toList());
        served(B, blocks(1));
        for (long prompt = 1; prompt <= 4; prompt++) {
            served(A, blocks(prompt));
            served(A, blocks(prompt));
        }
        assertArrayEquals(new double[2], index.displacement(fleet), "nothing has been wanted that would have left");

        // The oldest of four came again, after four had come in.
        served(A, blocks(1));
        assertArrayEquals(new double[] {4 / 4.0, 0}, index.displacement(fleet));
        // Again, and one that is new.
        served(A, blocks(2));
        served(A, blocks(9));
        assertArrayEquals(new double[] {8 / 5.0, 0}, index.displacement(fleet));
        // The last that came is not about to leave.
        served(A, blocks(9));
        assertArrayEquals(new double[] {8 / 5.0, 0}, index.displacement(fleet));
    }

    @Test
    void lookingUpTouchesNothing() {
        served(A, blocks(1, 2));
        served(A, blocks(3, 4));
        index.match(A, blocks(1, 2));
        served(A, blocks(5, 6));

        assertEquals(0, index.match(A, blocks(1, 2)));
    }

    @Test
    void aPromptLosesItsTailBeforeItsHead() {
        served(A, blocks(1, 2, 3));
        served(A, blocks(7, 8));

        assertEquals(2, index.match(A, blocks(1, 2, 3)));

        served(A, LongStream.rangeClosed(11, 20).toArray());
        assertEquals(4, index.match(A, LongStream.rangeClosed(11, 20).toArray()), "longer than the cache");
    }

    @Test
    void outputTakesRoomAndShortRepliesTakeItTogether() {
        served(A, blocks(1, 2, 3, 4));
        index.ended(A, blocks(), BLOCK - 1);
        assertEquals(4, index.match(A, blocks(1, 2, 3, 4)));

        index.ended(A, blocks(), 1);
        assertEquals(3, index.match(A, blocks(1, 2, 3, 4)));

        index.ended(A, blocks(), 2 * BLOCK);
        assertEquals(1, index.match(A, blocks(1, 2, 3, 4)));

        index.ended(A, blocks(), Integer.MAX_VALUE);
        assertEquals(0, index.match(A, blocks(1, 2, 3, 4)));
    }

    @Test
    void capacityFollowsTheEngine() {
        index.capacity(A, 2 * BLOCK);
        served(A, blocks(1, 2, 3));
        assertEquals(2, index.match(A, blocks(1, 2, 3)));

        index.capacity(A, 6 * BLOCK);
        served(A, blocks(1, 2, 3, 4, 5, 6));
        assertEquals(6, index.match(A, blocks(1, 2, 3, 4, 5, 6)));

        index.capacity(A, 0);
        assertEquals(6, index.match(A, blocks(1, 2, 3, 4, 5, 6)), "unknown changes nothing");
        index.capacity(A, BLOCK - 1);
        assertEquals(0, index.match(A, blocks(1, 2, 3, 4, 5, 6)));
        served(A, blocks(1));
        assertEquals(0, index.match(A, blocks(1)), "nothing fits");
        assertThrows(IllegalArgumentException.class, () -> new ApproximatePrefixIndex(BLOCK - 1));
    }

    @Test
    void aRestartedEndpointIsForgottenAndLateNewsOfItIgnored() {
        served(A, blocks(1, 2));
        assertEquals(0, index.match(A_RESTARTED, blocks(1, 2)));

        served(A_RESTARTED, blocks(3, 4));
        index.ended(A, blocks(), 100 * BLOCK);

        assertEquals(2, index.match(A_RESTARTED, blocks(3, 4)));
        assertEquals(0, index.match(A, blocks(1, 2)));
    }

    @Test
    void onlyRetainedEndpointsRemain() {
        served(A, blocks(1));
        served(B, blocks(2));

        index.retain(List.of(B));
        assertEquals(0, index.match(A, blocks(1)));
        assertEquals(1, index.match(B, blocks(2)));

        served(A, blocks(1));
        index.retain(List.of(A_RESTARTED, B));
        assertEquals(0, index.match(A, blocks(1)), "another address is another engine");
    }

    @Test
    void usersOnManyThreadsNeverSeeMoreThanIsHeld() throws InterruptedException, ExecutionException {
        int capacity = 256;
        ApproximatePrefixIndex shared = new ApproximatePrefixIndex(capacity * BLOCK);
        List<Future<?>> users = new ArrayList<>();
        try (var pool = Executors.newFixedThreadPool(4)) {
            for (int user = 0; user < 4; user++) {
                SplittableRandom random = new SplittableRandom(user);
                users.add(pool.submit(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        Endpoint endpoint = random.nextBoolean() ? A : B;
                        long from = random.nextInt(500);
                        long[] prompt = LongStream.range(from, from + random.nextInt(1, 300))
                                .toArray();
                        shared.sent(endpoint, prompt);
                        shared.ended(endpoint, prompt, random.nextInt(200));
                        int matched = shared.match(endpoint, prompt);
                        if (matched < 0 || matched > Math.min(capacity + 3 * 300, prompt.length)) {
                            throw new AssertionError(matched + " of " + prompt.length + " blocks");
                        }
                        if (i % 1_000 == 999) {
                            shared.retain(List.of(endpoint));
                        }
                    }
                }));
            }
            for (Future<?> user : users) {
                user.get();
            }
        }
        shared.sent(A, blocks(1, 2, 3));
        assertEquals(3, shared.match(A, blocks(1, 2, 3)));
    }

    private void served(Endpoint endpoint, long[] blocks) {
        index.sent(endpoint, blocks);
        index.ended(endpoint, blocks, 0);
    }

    private static long[] blocks(long... hashes) {
        return hashes;
    }
}
