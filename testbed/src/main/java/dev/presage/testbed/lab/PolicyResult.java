package dev.presage.testbed.lab;

/**
 * What one policy made of the trace, warm-up left out.
 *
 * @param prefixHit share of prompt tokens that the engines found cached
 * @param outputTokensPerSecond from the first counted arrival to the last end
 * @param accuracy of the predictions in the last 30 % of the requests
 * @param shift picks of a replica that slows down on the way
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
        Accuracy accuracy,
        Shift shift,
        int models,
        double goodShare,
        double goodPerSecond) {

    /** Share of outcomes within the predicted 90th percentile, NaN without a model. */
    double ttftCoverage90() {
        return accuracy.ttftCoverage().length == 0 ? Double.NaN : accuracy.ttftCoverage()[1];
    }

    double ttftError() {
        return accuracy.ttftError();
    }

    double tpotError() {
        return accuracy.tpotError();
    }
}
