package dev.presage.router.plugin;

/** Says how well each candidate of a round would do. */
public interface Scorer extends Plugin {
    /** One score per candidate, 0 to 1, higher is better; what lies outside is clamped and NaN counts as 0. */
    double[] score(Round round);

    /** The profile chose this candidate. Told to scorers that remember; called by the deciding thread. */
    default void chosen(Round round, int candidate) {}
}
