package dev.presage.store.registry;

/**
 * One condition that a pool's policy sets for a move, and how the version stands to it.
 *
 * @param text the figure and the bound, for people
 */
public record Gate(String name, Verdict verdict, String text) {
    /** Whether the move may go ahead for this gate's sake. */
    public enum Verdict {
        PASS,
        /** Not yet: more evidence, or time, may open it. */
        WAIT,
        FAIL
    }
}
