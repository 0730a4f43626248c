package dev.presage.router.program;

/**
 * How many steps programs take, and how long a step and the gap behind it, as learned from those that are over. Says of a program's deadline
 * when its step is due: what the steps after it will probably need is not its to use, but an even share of what is left always is. So
 * steps before which much is still to come go first, and one whose rest was thought longer than it is does not count as late. Used under
 * its owner's lock; milliseconds.
 */
final class StepPace {
    private static final double FIRST_GAP_MS = 10_000;
    private static final double GAP_RATE = 0.03;
    private static final double LEAST_RATE = 0.05;

    private double gapMs = FIRST_GAP_MS;
    private double answerMs;
    private double steps;
    private int answers;
    private int programs;

    double usualGapMs() {
        return gapMs;
    }

    void gap(double ms) {
        gapMs += GAP_RATE * (ms - gapMs);
    }

    /** A step was answered in so long. */
    void answered(double ms) {
        answerMs += rate(++answers) * (ms - answerMs);
    }

    /** A program is over that took so many steps. */
    void over(int taken) {
        steps += rate(++programs) * (taken - steps);
    }

    /** The mean of the first few, then mostly of late ones. */
    private static double rate(int known) {
        return Math.max(LEAST_RATE, 1.0 / Math.max(1, known));
    }

    /**
     * In how much time the next step is to be answered of a program that has so much left.
     *
     * @param taken steps that it has behind it
     * @param gapMs its own gap between steps
     */
    double dueMs(double leftMs, int taken, double gapMs) {
        double after = Math.max(0, steps - taken - 1);
        return Math.max(leftMs / (after + 1), leftMs - after * (answerMs + gapMs));
    }
}
