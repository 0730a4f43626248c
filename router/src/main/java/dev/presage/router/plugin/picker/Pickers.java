package dev.presage.router.plugin.picker;

import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Picker;
import dev.presage.router.plugin.PluginType;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The picker types that a configuration may name, and the one of a profile that names none. */
public final class Pickers {
    public static final Picker HIGHEST = new MaxScorePicker(1);

    private static final int MAX_ENDPOINTS = 100;

    private Pickers() {}

    public static Stream<PluginType> types() {
        return Stream.of(
                PluginType.of("max-score-picker", given -> read(given, MaxScorePicker::new)),
                PluginType.of("random-picker", given -> read(given, RandomPicker::new)),
                PluginType.of("weighted-random-picker", given -> read(given, WeightedRandomPicker::new)));
    }

    private static Picker read(Parameters given, IntFunction<Picker> made) {
        return made.apply(given.integer("maxNumOfEndpoints", 1, MAX_ENDPOINTS, 1));
    }

    /** All candidates in random order. */
    static int[] shuffled(int count, RandomGenerator random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** The candidates with the largest keys, largest first; of equal ones those that come first in {@code order}. */
    static int[] largest(int most, int[] order, double[] keys) {
        int[] top = order.clone();
        int kept = Math.min(most, top.length);
        for (int i = 0; i < kept; i++) {
            int best = i;
            for (int j = i + 1; j < top.length; j++) {
                best = keys[top[j]] > keys[top[best]] ? j : best;
            }
            int winner = top[best];
            top[best] = top[i];
            top[i] = winner;
        }
        return Arrays.copyOf(top, kept);
    }
}
