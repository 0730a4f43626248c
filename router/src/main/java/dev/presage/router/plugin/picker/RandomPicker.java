package dev.presage.router.plugin.picker;

import dev.presage.router.plugin.Picker;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Any candidates, whatever their scores. */
record RandomPicker(int most) implements Picker {
    @Override
    public Ranking pick(double[] totals, RandomGenerator random) {
        int[] order = Pickers.shuffled(totals.length, random);
        return new Ranking(Arrays.copyOf(order, Math.min(most, order.length)), 1.0 / totals.length);
    }
}
