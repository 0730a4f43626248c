package dev.presage.testbed.lab;

/**
 * How right the predictions were that the later requests of a run were routed by. NaN and empty without a model.
 *
 * @param ttftError median absolute percentage error of the TTFT
 * @param tpotError the same of the time per output token
 * @param ttftCoverage share of TTFTs within each predicted quantile (p50, p90, p95, p99)
 * @param tpotCoverage the same of the time per output token
 * @param overallGap how far coverage is from its level at worst, over targets and levels
 * @param sliceGap the same over all slices with at least 200 outcomes
 */
record Accuracy(
        double ttftError,
        double tpotError,
        double[] ttftCoverage,
        double[] tpotCoverage,
        double overallGap,
        double sliceGap) {}
