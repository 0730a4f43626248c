package dev.presage.router.plugin.scorer;

import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;

/** 1 up to {@code idle} requests in flight from here, else {@code (max - n) / max * busiest} with the largest n as max. */
record ActiveRequestScorer(int idle, double busiest) implements Scorer {
    static ActiveRequestScorer read(Parameters given) {
        given.producers("inFlightLoadProducerName");
        return new ActiveRequestScorer(
                given.integer("idleThreshold", 0, Integer.MAX_VALUE, 0), given.number("maxBusyScore", 0, 1, 1));
    }

    @Override
    public double[] score(Round round) {
        double[] scores = new double[round.size()];
        int max = 0;
        for (int i = 0; i < scores.length; i++) {
            max = Math.max(max, round.state(i).queue().inFlight());
        }
        for (int i = 0; i < scores.length; i++) {
            int inFlight = round.state(i).queue().inFlight();
            scores[i] = inFlight <= idle ? 1 : (double) (max - inFlight) / max * busiest;
        }
        return scores;
    }
}
