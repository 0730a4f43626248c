package dev.presage.router.plugin.scorer;

import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;

/** Adapter in memory 1, room for one more 0.8, adapter about to be loaded 0.6, else 0. */
record LoraScorer() implements Scorer {
    private static final double LOADED = 1;
    private static final double ROOM = 0.8;
    private static final double WAITING = 0.6;

    @Override
    public double[] score(Round round) {
        String adapter = round.request().model();
        double[] scores = new double[round.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = score(adapter, round.state(i).signals());
        }
        return scores;
    }

    private static double score(String adapter, EngineSignals signals) {
        if (signals.loadedAdapters().contains(adapter)) {
            return LOADED;
        }
        int taken = signals.loadedAdapters().size() + signals.waitingAdapters().size();
        if (taken < signals.maxAdapters()) {
            return ROOM;
        }
        return signals.waitingAdapters().contains(adapter) ? WAITING : 0;
    }
}
