package dev.presage.testbed.engine;

import java.util.List;

/**
 * What one step does, known when it starts. Everything it emits is emitted at its end. Immutable.
 *
 * @param startMs when the step starts
 * @param durationMs how long it takes; 0 when there was nothing to do
 * @param tokens tokens computed
 * @param emitting requests that get exactly one token each, in the order they run
 * @param firstTokens those of them for which it is the first one
 * @param finished those of them for which it is the last one
 */
public record StepResult(
        double startMs,
        double durationMs,
        int tokens,
        List<SimRequest> emitting,
        List<FirstToken> firstTokens,
        List<SimRequest> finished) {
    public StepResult {
        emitting = List.copyOf(emitting);
        firstTokens = List.copyOf(firstTokens);
        finished = List.copyOf(finished);
    }

    static StepResult nothing(double nowMs) {
        return new StepResult(nowMs, 0, 0, List.of(), List.of(), List.of());
    }

    /** When the step ends and its tokens are out: the time to call {@link Engine#step} again. */
    public double endMs() {
        return startMs + durationMs;
    }
}
