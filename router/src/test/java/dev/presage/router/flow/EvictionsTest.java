package dev.presage.router.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvictionsTest {
    private static final Set<String> ALL = Set.of("a", "b");
    private final Evictions<String> evictions = new Evictions<>();

    @Test
    void theLowestGoesFirstAndOfTheseTheNewest() {
        evictions.sent("normal", "normal", 0, "a");
        evictions.sent("old", "old", -1, "a");
        evictions.sent("new", "new", -1, "b");
        evictions.sent("lowest", "lowest", -2, "a");
        assertEquals(List.of("lowest", "new"), chosen(0, ALL, 0), "two at once");
        assertEquals(List.of(), chosen(0, ALL, 2 * Evictions.AGAIN_NANOS), "none more while these are on their way");
        assertEquals(OptionalLong.of(5), evictions.ended("lowest", 5));
        assertEquals(List.of(), chosen(0, ALL, 10), "what was freed must show first");
        assertEquals(List.of("old"), chosen(0, ALL, Evictions.AGAIN_NANOS));
        assertEquals(OptionalLong.empty(), evictions.ended("normal", 7));
        assertEquals(2, evictions.pending());
    }

    @Test
    void onlyWhatIsInTheWayAndOnlyForOthers() {
        evictions.sent("there", "there", -1, "a");
        evictions.sent("gone", "gone", -5, "b");
        evictions.ended("gone", 1);
        assertEquals(List.of(), chosen(-1, ALL, 0), "sheddable requests do not push each other out");
        assertEquals(List.of(), chosen(1, Set.of("b"), 0));
        assertEquals(List.of("there"), chosen(1, Set.of("a"), 0));
    }

    private List<String> chosen(int priority, Set<String> endpoints, long now) {
        return evictions.chosen(priority, endpoints, now).stream()
                .map(Evictions.Served::what)
                .toList();
    }
}
