package dev.presage.router.plugin.scorer;

import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Spreads prompts that nobody holds: the endpoint whose last such prompt is longest ago scores 1, the last one 0, evenly between;
 * one that never had any counts as longest ago. 0.5 for all when somebody holds a part. Remembers {@code capacity} endpoints.
 */
final class NoHitLruScorer implements Scorer {
    private static final double NEUTRAL = 0.5;

    private final int capacity;
    private final Map<String, Long> lastCold = new LinkedHashMap<>();
    private long colds;

    NoHitLruScorer(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public double[] score(Round round) {
        int count = round.size();
        double[] scores = new double[count];
        if (!cold(round) || count == 1) {
            Arrays.fill(scores, cold(round) ? 1 : NEUTRAL);
            return scores;
        }
        long[] last = new long[count];
        synchronized (this) {
            for (int i = 0; i < count; i++) {
                last[i] = lastCold.getOrDefault(round.state(i).endpoint().id(), 0L);
            }
        }
        for (int i = 0; i < count; i++) {
            int older = 0;
            for (long other : last) {
                older += other < last[i] ? 1 : 0;
            }
            scores[i] = 1 - (double) older / (count - 1);
        }
        return scores;
    }

    @Override
    public void chosen(Round round, int candidate) {
        if (cold(round)) {
            String id = round.state(candidate).endpoint().id();
            synchronized (this) {
                lastCold.remove(id);
                lastCold.put(id, ++colds);
                if (lastCold.size() > capacity) {
                    lastCold.remove(lastCold.keySet().iterator().next());
                }
            }
        }
    }

    private static boolean cold(Round round) {
        for (int i = 0; i < round.size(); i++) {
            if (round.candidates().cachedTokens(i) > 0) {
                return false;
            }
        }
        return true;
    }
}
