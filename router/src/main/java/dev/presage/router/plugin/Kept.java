package dev.presage.router.plugin;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * What a filter leaves.
 *
 * @param candidates places in the round, ascending
 * @param probability with which the filter leaves these in this state; below 1 where it draws
 */
public record Kept(int[] candidates, double probability) {
    /** Everything. */
    public static Kept all(Round round) {
        return where(round, candidate -> true);
    }

    /** Those that pass. */
    public static Kept where(Round round, IntPredicate passes) {
        int[] kept = new int[round.size()];
        int count = 0;
        for (int i = 0; i < kept.length; i++) {
            if (passes.test(i)) {
                kept[count++] = i;
            }
        }
        return new Kept(Arrays.copyOf(kept, count), 1);
    }

    /** Those that pass, or everything when none does. */
    public static Kept whereAny(Round round, IntPredicate passes) {
        Kept kept = where(round, passes);
        return kept.isEmpty() ? all(round) : kept;
    }

    public boolean isEmpty() {
        return candidates.length == 0;
    }

    public Kept drawn(double chance) {
        return new Kept(candidates, chance);
    }
}
