package dev.presage.router.plugin.scorer;

import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Prompts to the endpoints that are meant for their length, by a label with a range {@code min-max} in tokens. Within the
 * range 0.3 to 1, the more of it the prompt fills the better; outside 0.3 down to 0, the farther away the worse; without a readable
 * range 0.3.
 *
 * @param filtering whether it also filters; all are left when no range fits
 */
record ContextLengthScorer(String label, boolean filtering) implements Scorer, Filter {
    private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,15})\\s*-\\s*(\\d{1,15})\\s*");
    private static final double EDGE = 0.3;

    /** Tokens, both inclusive. */
    private record Range(long min, long max) {
        boolean holds(long tokens) {
            return tokens >= min && tokens <= max;
        }

        double score(long tokens) {
            if (holds(tokens)) {
                return EDGE + (1 - EDGE) * (max == 0 ? 1 : (double) tokens / max);
            }
            return EDGE * (tokens > max ? (double) max / tokens : (double) tokens / min);
        }
    }

    static ContextLengthScorer read(Parameters given) {
        return new ContextLengthScorer(
                given.text("label", "llm-d.ai/context-length-range"), given.flag("enableFiltering", false));
    }

    @Override
    public double[] score(Round round) {
        double[] scores = new double[round.size()];
        for (int i = 0; i < scores.length; i++) {
            Range range = range(round, i);
            scores[i] = range == null ? EDGE : range.score(round.request().promptTokens());
        }
        return scores;
    }

    @Override
    public Kept keep(Round round) {
        if (!filtering) {
            return Kept.all(round);
        }
        int tokens = round.request().promptTokens();
        return Kept.whereAny(round, i -> {
            Range range = range(round, i);
            return range == null || range.holds(tokens);
        });
    }

    private @Nullable Range range(Round round, int candidate) {
        Matcher range = RANGE.matcher(round.label(candidate, label));
        return range.matches() ? new Range(Long.parseLong(range.group(1)), Long.parseLong(range.group(2))) : null;
    }
}
