package dev.presage.store.predict;

import java.util.List;

/**
 * How many tokens a reply will have, as a distribution. It depends on the request alone, not on who serves it. Immutable.
 *
 * @param meanTokens expected number; NaN when nothing is known
 * @param tokens one quantile per level of the predictor, none below the one before; empty when nothing is known
 */
public record OutputLength(double meanTokens, List<Double> tokens) {
    /** Of a model that learned no lengths. */
    public static final OutputLength UNKNOWN = new OutputLength(Double.NaN, List.of());

    public OutputLength {
        tokens = List.copyOf(tokens);
        for (int i = 0; i < tokens.size(); i++) {
            double least = i == 0 ? 0 : tokens.get(i - 1);
            if (!(tokens.get(i) >= least && tokens.get(i) < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("output tokens " + tokens + " must be finite and ascend from 0");
            }
        }
        if (!tokens.isEmpty() && !(meanTokens >= 0 && meanTokens < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "mean of output tokens " + meanTokens + " must be finite and at least 0");
        }
    }

    public boolean isKnown() {
        return !tokens.isEmpty();
    }

    /** The same, where the client allows at most {@code maxTokens}; 0 allows any number. */
    OutputLength within(int maxTokens) {
        if (maxTokens <= 0 || !isKnown() || tokens.getLast() <= maxTokens) {
            return this;
        }
        List<Double> bounded =
                tokens.stream().map(value -> Math.min(value, maxTokens)).toList();
        return new OutputLength(Math.min(meanTokens, maxTokens), bounded);
    }
}
