package dev.presage.testbed.lab;

/**
 * What one policy made of the trace, warm-up left out.
 *
 * @param prefixHit share of prompt tokens that the engines found cached
 * @param outputTokensPerSecond from the first counted arrival to the last end
 * @param ttftError median absolute percentage error of the predictions that were served with, NaN without a model
 * @param ttftCoverage90 share of outcomes below the predicted 90th percentile
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
        double ttftCoverage90,
        double tpotError,
        int models,
        double goodShare,
        double goodPerSecond) {}
