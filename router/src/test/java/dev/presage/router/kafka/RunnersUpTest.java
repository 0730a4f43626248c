package dev.presage.router.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RunnersUpTest {
    @Test
    void theChosenOneLeadsAndNothingIsDearerThanNan() {
        double[] costs = {5, Double.NaN, 3, 9, 1};
        assertArrayEquals(new int[] {3, 4, 2}, RunnersUp.of(3, costs, 3));
        assertArrayEquals(new int[] {3, 4, 2, 0, 1}, RunnersUp.of(3, costs, 16));
        assertArrayEquals(new int[] {0}, RunnersUp.of(0, costs, 1));
    }

    @Property
    void itIsTheSortedPrefix(
            @ForAll @Size(min = 1, max = 40) double[] costs,
            @ForAll @IntRange(max = 39) int seed,
            @ForAll @IntRange(min = 1, max = 20) int limit) {
        int chosen = seed % costs.length;
        int[] expected = IntStream.concat(
                        IntStream.of(chosen),
                        IntStream.range(0, costs.length)
                                .filter(i -> i != chosen)
                                .boxed()
                                .sorted((a, b) -> Double.compare(costs[a], costs[b]))
                                .mapToInt(Integer::intValue))
                .limit(limit)
                .toArray();
        assertArrayEquals(expected, RunnersUp.of(chosen, costs, limit));
    }
}
