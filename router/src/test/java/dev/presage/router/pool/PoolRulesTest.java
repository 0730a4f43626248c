package dev.presage.router.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.presage.router.pool.ModelRewrite.Rule;
import dev.presage.router.pool.ModelRewrite.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PoolRulesTest {
    private final SplittableRandom random = new SplittableRandom(1);

    private static Target to(String model) {
        return new Target(model, Optional.empty());
    }

    private static Target to(String model, int weight) {
        return new Target(model, Optional.of(weight));
    }

    private static ModelRewrite only(String name, Set<String> models, Target... targets) {
        return new ModelRewrite(name, List.of(new Rule(models, List.of(targets))));
    }

    @Test
    void anExactMatchGoesBeforeAnOlderCatchAll() {
        PoolRules rules = new PoolRules(
                Map.of(), List.of(only("all", Set.of(), to("base")), only("exact", Set.of("food"), to("food-v2"))));

        assertEquals(Optional.of(new PoolRules.Rewritten("exact", "food-v2")), rules.rewrite("food", random));
        assertEquals(Optional.of(new PoolRules.Rewritten("all", "base")), rules.rewrite("other", random));
    }

    @Test
    void theOlderOfTwoEqualMatchesDecides() {
        PoolRules rules =
                new PoolRules(Map.of(), List.of(only("old", Set.of("m"), to("a")), only("new", Set.of("m"), to("b"))));

        assertEquals(Optional.of(new PoolRules.Rewritten("old", "a")), rules.rewrite("m", random));
    }

    @Test
    void targetsAreDrawnByWeightAndTheUnweightedAmongThemNever() {
        Rule rule = new Rule(Set.of(), List.of(to("a", 3), to("b", 1), to("never")));

        long a = IntStream.range(0, 4000)
                .filter(i -> rule.draw(random).equals("a"))
                .count();
        long never = IntStream.range(0, 1000)
                .filter(i -> rule.draw(random).equals("never"))
                .count();

        assertEquals(3000, a, 150);
        assertEquals(0, never);
    }

    @Test
    void withoutWeightsEveryTargetIsAsLikely() {
        Rule rule = new Rule(Set.of(), List.of(to("a"), to("b")));

        long a = IntStream.range(0, 4000)
                .filter(i -> rule.draw(random).equals("a"))
                .count();

        assertEquals(2000, a, 150);
    }

    @Test
    void anUnknownObjectiveHasPriorityZero() {
        PoolRules rules = new PoolRules(Map.of("critical", 10), List.of());

        assertEquals(10, rules.priority("critical"));
        assertEquals(0, rules.priority("unheard-of"));
        assertEquals(Optional.empty(), rules.rewrite("m", random));
    }

    @Test
    void aWeightOutOfBoundsIsRefusedByName() {
        assertThrows(IllegalArgumentException.class, () -> to("m", 0));
        assertThrows(IllegalArgumentException.class, () -> to("m", 1_000_001));
    }
}
