package dev.presage.testbed.quickstart;

/**
 * One request that a model routed: what it predicted and what came. Milliseconds of engine time; NaN where the reply did not
 * show it.
 *
 * @param atSeconds wall seconds of the end since the start of the load
 * @param bundleId the model that decided
 */
record PredictionPair(
        double atSeconds,
        String bundleId,
        double ttftP50,
        double ttftP90,
        double ttftActual,
        double tpotP50,
        double tpotActual) {

    /** Absolute error of the TTFT's median relative to what came. */
    double ttftError() {
        return Math.abs(ttftP50 - ttftActual) / ttftActual;
    }

    double tpotError() {
        return Math.abs(tpotP50 - tpotActual) / tpotActual;
    }

    boolean ttftCovered() {
        return ttftActual <= ttftP90;
    }
}
