package dev.presage.router.plugin.picker;

import dev.presage.router.plugin.Picker;
import java.util.random.RandomGenerator;

/** The highest totals; equal ones in random order, so that many routers do not herd. */
record MaxScorePicker(int most) implements Picker {
    @Override
    public Ranking pick(double[] totals, RandomGenerator random) {
        int[] order = Pickers.shuffled(totals.length, random);
        return new Ranking(Pickers.largest(most, order, totals), propensity(totals));
    }

    private static double propensity(double[] totals) {
        double highest = Double.NEGATIVE_INFINITY;
        int ties = 0;
        for (double total : totals) {
            ties = total > highest ? 1 : total == highest ? ties + 1 : ties;
            highest = Math.max(highest, total);
        }
        return 1.0 / ties;
    }
}
