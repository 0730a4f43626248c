package dev.presage.router.plugin.profile;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.pick.Cost;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;

/**
 * What a decode endpoint adds to a request whose prompt another one computes: the KV cache that it has to fetch, and the time of
 * its tokens.
 *
 * @param msPerToken of prompt that is not in its cache
 * @param outputTokens that are expected, at most what the client allows
 */
record Transfer(double msPerToken, int outputTokens) implements Cost {
    @Override
    public double[] costs(CandidateMatrix candidates, Predictions predictions) {
        int allowed = candidates.request().maxTokens();
        int tokens = allowed > 0 ? Math.min(allowed, outputTokens) : outputTokens;
        double[] costs = new double[candidates.size()];
        for (int i = 0; i < costs.length; i++) {
            costs[i] = candidates.get(i, Feature.UNCACHED_TOKENS) * msPerToken
                    + tokens * predictions.locationMs(Target.TPOT, i);
        }
        return costs;
    }
}
