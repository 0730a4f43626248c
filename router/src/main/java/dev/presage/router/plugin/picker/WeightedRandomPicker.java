package dev.presage.router.plugin.picker;

import dev.presage.router.plugin.Picker;
import java.util.random.RandomGenerator;

/**
 * Draws without replacement, by total: A-Res of Efraimidis and Spirakis (2006), the largest keys {@code U^(1/w)} win, compared by
 * their logarithm. The first one comes first with probability {@code w / sum of w}. Uniform when all totals are 0.
 */
record WeightedRandomPicker(int most) implements Picker {
    @Override
    public Ranking pick(double[] totals, RandomGenerator random) {
        double sum = 0;
        double[] keys = new double[totals.length];
        for (int i = 0; i < totals.length; i++) {
            sum += totals[i];
            keys[i] = totals[i] > 0 ? Math.log(1 - random.nextDouble()) / totals[i] : Double.NEGATIVE_INFINITY;
        }
        if (sum == 0) {
            return new RandomPicker(most).pick(totals, random);
        }
        int[] winners = Pickers.largest(most, Pickers.shuffled(totals.length, random), keys);
        return new Ranking(winners, totals[winners[0]] / sum);
    }
}
