package dev.presage.router.plugin.scorer;

import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;
import dev.presage.router.plugin.SessionToken;

/** 1 for the endpoint that the session token names, else 0. */
record SessionScorer(String header) implements Scorer {
    @Override
    public double[] score(Round round) {
        String token = round.header(header);
        double[] scores = new double[round.size()];
        for (int i = 0; i < scores.length && !token.isEmpty(); i++) {
            scores[i] = SessionToken.names(token, round.state(i).endpoint()) ? 1 : 0;
        }
        return scores;
    }
}
