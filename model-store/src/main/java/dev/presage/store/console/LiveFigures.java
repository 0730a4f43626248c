package dev.presage.store.console;

import dev.presage.pipeline.proto.CandidateRow;
import dev.presage.pipeline.proto.OutcomeEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the latest requests of a pool say, for pages and as JSON.
 *
 * @param decisions of the last {@value #WINDOW_MINUTES} minutes, as far as they are kept
 * @param perSecond over the last minute
 * @param fallbacks share of the decisions per named fallback; the first choice decided the others
 * @param ttftError median of |predicted - actual| / actual; null before the first outcome
 * @param covered share of the TTFTs at or below the highest predicted quantile
 * @param lastMs when the newest was decided; null for none
 * @param pairs newest first, at most {@value #MAX_PAIRS}
 */
record LiveFigures(
        long decisions,
        double perSecond,
        Map<String, Double> fallbacks,
        @Nullable Double ttftError,
        @Nullable Double tpotError,
        @Nullable Double covered,
        @Nullable Long lastMs,
        List<Pair> pairs) {
    static final int WINDOW_MINUTES = 15;

    private static final long WINDOW_MS = WINDOW_MINUTES * 60_000L;
    private static final long MINUTE_MS = 60_000;
    private static final int MAX_PAIRS = 400;

    /** Predicted medians and what came, in milliseconds; {@code highMs} is the highest quantile of TTFT. */
    record Pair(
            long atMs,
            String endpoint,
            double ttftMs,
            double highMs,
            double actualTtftMs,
            @Nullable Double tpotMs,
            @Nullable Double actualTpotMs) {}

    /** {@code levels} gives a bundle's quantile levels, empty when they are not known. */
    static LiveFigures of(RecentRequests requests, String pool, Function<String, List<Double>> levels, long nowMs) {
        List<RecentRequests.Entry> window = requests.newest(
                RecentRequests.MAX_REQUESTS,
                entry -> entry.decision().getPool().equals(pool)
                        && entry.decision().getDecidedAtMs() > nowMs - WINDOW_MS);
        Map<String, Double> fallbacks = new TreeMap<>();
        long lastMinute = 0;
        List<Pair> pairs = new ArrayList<>();
        for (RecentRequests.Entry entry : window) {
            String fallback = entry.decision().getFallback();
            if (!fallback.isEmpty()) {
                fallbacks.merge(fallback, 1.0 / window.size(), Double::sum);
            }
            lastMinute += entry.decision().getDecidedAtMs() > nowMs - MINUTE_MS ? 1 : 0;
            Pair pair = pair(entry, levels);
            if (pair != null) {
                pairs.add(pair);
            }
        }
        return new LiveFigures(
                window.size(),
                lastMinute / (MINUTE_MS / 1e3),
                fallbacks,
                median(pairs, pair -> error(pair.ttftMs(), pair.actualTtftMs())),
                median(pairs, pair -> error(pair.tpotMs(), pair.actualTpotMs())),
                pairs.isEmpty()
                        ? null
                        : pairs.stream()
                                        .filter(pair -> pair.actualTtftMs() <= pair.highMs())
                                        .count()
                                / (double) pairs.size(),
                window.isEmpty() ? null : window.getFirst().decision().getDecidedAtMs(),
                List.copyOf(pairs.subList(0, Math.min(MAX_PAIRS, pairs.size()))));
    }

    /** Null when nothing was predicted, when it is not known what came, or when another endpoint served. */
    static @Nullable Pair pair(RecentRequests.Entry entry, Function<String, List<Double>> levels) {
        OutcomeEvent outcome = entry.outcome();
        int chosen = entry.decision().getChosen();
        if (outcome == null
                || !outcome.hasTtftMs()
                || chosen >= entry.decision().getCandidatesCount()) {
            return null;
        }
        CandidateRow row = entry.decision().getCandidates(chosen);
        List<Double> known = levels.apply(entry.decision().getBundleId());
        if (known.isEmpty()
                || row.getTtftQuantilesMsCount() != known.size()
                || !row.getEndpoint().equals(outcome.getServedEndpoint())) {
            return null;
        }
        int middle = median(known);
        boolean tpot = row.getTpotQuantilesMsCount() == known.size() && outcome.hasTpotMs();
        return new Pair(
                entry.decision().getDecidedAtMs(),
                row.getEndpoint(),
                row.getTtftQuantilesMs(middle),
                row.getTtftQuantilesMs(known.size() - 1),
                outcome.getTtftMs(),
                tpot ? (double) row.getTpotQuantilesMs(middle) : null,
                tpot ? outcome.getTpotMs() : null);
    }

    /** Index of the level nearest to one half. */
    private static int median(List<Double> levels) {
        int best = 0;
        for (int i = 1; i < levels.size(); i++) {
            best = Math.abs(levels.get(i) - 0.5) < Math.abs(levels.get(best) - 0.5) ? i : best;
        }
        return best;
    }

    private static @Nullable Double error(@Nullable Double predicted, @Nullable Double actual) {
        return predicted == null || actual == null || actual <= 0 ? null : Math.abs(predicted - actual) / actual;
    }

    private static @Nullable Double median(List<Pair> pairs, Function<Pair, @Nullable Double> figure) {
        List<Double> known = new ArrayList<>();
        for (Pair pair : pairs) {
            Double value = figure.apply(pair);
            if (value != null) {
                known.add(value);
            }
        }
        double[] sorted =
                known.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted.length == 0 ? null : Double.valueOf(sorted[sorted.length / 2]);
    }
}
