package dev.presage.router.plugin.session;

import dev.presage.router.pick.Decision;
import dev.presage.router.plugin.Reply;
import dev.presage.router.plugin.ReplyPlugin;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;
import java.util.Map;

/** 1 for the endpoint of the request's session, else 0. */
record SessionScorer(Affinity affinity) implements Scorer, ReplyPlugin {
    @Override
    public double[] score(Round round) {
        double[] scores = new double[round.size()];
        affinity.endpoint(round).ifPresent(own -> {
            for (int i = 0; i < scores.length; i++) {
                scores[i] = own.test(round.state(i).endpoint()) ? 1 : 0;
            }
        });
        return scores;
    }

    @Override
    public void routed(Decision.Routed decision) {
        affinity.routed(decision);
    }

    @Override
    public Map<String, String> headers(Reply reply) {
        return affinity.headers(reply);
    }
}
