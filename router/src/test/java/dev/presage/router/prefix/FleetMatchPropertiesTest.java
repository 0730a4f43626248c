package dev.presage.router.prefix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EndpointState;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.FleetSnapshot;
import dev.presage.router.fleet.QueueState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** One pass over a prompt finds of every endpoint what asking each of them finds. */
class FleetMatchPropertiesTest {
    private static final int BLOCK = 64;

    @Property(tries = 60)
    void aFleetIsMatchedAsItsEndpointsAre(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int size = random.nextInt(1, 140);
        ApproximatePrefixIndex index = new ApproximatePrefixIndex(random.nextInt(1, 60) * BLOCK);
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            endpoints.add(endpoint(i, 0));
        }
        for (int step = 0; step < 400; step++) {
            int place = random.nextInt(size);
            Endpoint endpoint = endpoints.get(place);
            long[] prompt = ChainedPrompts.random(random);
            switch (random.nextInt(12)) {
                case 0 -> index.ended(endpoint, new long[0], random.nextInt(5 * BLOCK));
                case 1 -> index.withdrawn(endpoint, prompt, random.nextInt(10));
                case 2 -> index.capacity(endpoint, random.nextInt(80) * BLOCK);
                case 3 -> endpoints.set(place, endpoint(place, step));
                case 4 -> index.retain(endpoints.subList(0, random.nextInt(size) + 1));
                // A prompt that everybody gets.
                case 5 -> endpoints.forEach(each -> index.sent(each, prompt));
                case 6, 7 -> index.sent(endpoint, prompt);
                default -> {
                    index.sent(endpoint, prompt);
                    index.ended(endpoint, prompt, random.nextInt(BLOCK));
                }
            }
            if (step % 5 == 0) {
                compare(index, endpoints, ChainedPrompts.random(random));
                compare(index, endpoints, prompt);
            }
        }
        index.retain(List.of());
        assertEquals(0, index.size());
        compare(index, endpoints, ChainedPrompts.random(random));
    }

    private static void compare(ApproximatePrefixIndex index, List<Endpoint> endpoints, long[] prompt) {
        FleetSnapshot fleet = new FleetSnapshot(endpoints.stream()
                .map(each -> new EndpointState(each, EngineSignals.UNKNOWN, QueueState.IDLE))
                .toList());
        int[] matched = index.match(fleet, prompt);
        for (int i = 0; i < matched.length; i++) {
            assertEquals(index.match(endpoints.get(i), prompt), matched[i], "endpoint " + i);
        }
    }

    private static Endpoint endpoint(int number, int life) {
        return new Endpoint("ns/" + number, "10." + life / 250 + "." + life % 250 + "." + number, 8000, Map.of());
    }
}
