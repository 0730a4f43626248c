package dev.presage.testbed.lab;

/**
 * What one policy made of the trace, warm-up left out.
 *
 * @param prefixHit share of prompt tokens that the engines found cached
 * @param outputTokensPerSecond from the first counted arrival to the last end
 * @param ttftError median absolute percentage error of the predictions that were served with, NaN without a model
 * @param ttftCoverage share of outcomes within each predicted quantile (p50, p90, p95, p99); empty without a model
 * @param ttftWorstGap how far coverage is from its level at worst, over all levels and slices with at least 200 outcomes
 * @param tpotError the same for TPOT
 * @param models versions trained during the run
 * @param goodShare share of requests within both latency targets, NaN without targets
 * @param goodPerSecond such requests, from the first counted arrival to the last end
 */
record PolicyResult(
        String policy,
        int requests,
        Summary ttftMs,
        Summary tpotMs,
        Summary e2eMs,
        double prefixHit,
        double outputTokensPerSecond,
        double ttftError,
        double[] ttftCoverage,
        double ttftWorstGap,
        double tpotError,
        int models,
        double goodShare,
        double goodPerSecond) {

    /** Share of outcomes within the predicted 90th percentile, NaN without a model. */
    double ttftCoverage90() {
        return ttftCoverage.length == 0 ? Double.NaN : ttftCoverage[1];
    }
}
