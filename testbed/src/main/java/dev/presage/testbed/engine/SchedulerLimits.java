package dev.presage.testbed.engine;

/**
 * Bounds of one step.
 *
 * @param stepTokens token budget of a step; prompts are cut into chunks to keep it
 * @param runningSequences most sequences that run at once; others wait
 */
public record SchedulerLimits(int stepTokens, int runningSequences) {
    /** vLLM's defaults for an online server. */
    public static final SchedulerLimits DEFAULT = new SchedulerLimits(2048, 256);

    public SchedulerLimits {
        if (runningSequences < 1) {
            throw new IllegalArgumentException("runningSequences must be at least 1, got " + runningSequences);
        }
        if (stepTokens < runningSequences) {
            throw new IllegalArgumentException("stepTokens must be at least runningSequences (" + runningSequences
                    + "), so that all can decode, got " + stepTokens);
        }
    }
}
