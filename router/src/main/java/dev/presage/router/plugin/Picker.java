package dev.presage.router.plugin;

import java.util.random.RandomGenerator;

/** Turns total scores into a pick. */
public interface Picker extends Plugin {
    /** Picks among at least one candidate; totals are finite and at least 0. */
    Ranking pick(double[] totals, RandomGenerator random);

    /**
     * Who was picked.
     *
     * @param candidates at least one place, best first
     * @param propensity probability with which the first one comes first
     */
    record Ranking(int[] candidates, double propensity) {}
}
