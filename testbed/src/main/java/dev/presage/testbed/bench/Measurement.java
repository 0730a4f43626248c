package dev.presage.testbed.bench;

import org.HdrHistogram.Histogram;

/**
 * One window of load on one server.
 *
 * @param decisions that were answered
 * @param errors streams that ended otherwise, and arrivals for which there was no room
 * @param seconds from the first request to the end of the last
 * @param latency of decisions
 * @param serverCpuSeconds processor time that the server took; NaN for a server that nobody asks
 * @param residentMb memory of the server at the end; NaN where nobody says
 * @param otherCores what neither server nor load client took, on average; NaN where the system does not say
 */
record Measurement(
        long decisions,
        long errors,
        double seconds,
        Latency latency,
        double serverCpuSeconds,
        double residentMb,
        double otherCores) {

    /** Quantiles in microseconds. */
    record Latency(double p50, double p90, double p99, double p999) {
        static Latency of(Histogram nanos) {
            return new Latency(micros(nanos, 50), micros(nanos, 90), micros(nanos, 99), micros(nanos, 99.9));
        }

        private static double micros(Histogram nanos, double percentile) {
            return nanos.getValueAtPercentile(percentile) / 1e3;
        }
    }

    double perSecond() {
        return decisions / seconds;
    }

    /** Processor seconds per 1,000 decisions: travels better between machines than a rate. */
    double cpuPerThousand() {
        return decisions == 0 ? Double.NaN : serverCpuSeconds * 1_000 / decisions;
    }
}
