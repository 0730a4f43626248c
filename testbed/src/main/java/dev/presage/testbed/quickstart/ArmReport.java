package dev.presage.testbed.quickstart;

import dev.presage.testbed.load.ClientSample;
import dev.presage.testbed.load.Distribution;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one policy made of the counted requests. Times are milliseconds of engine time.
 *
 * @param requests counted requests, the same ones for every arm
 * @param failed requests of the whole run that the client got no complete answer to
 * @param prefixHit share of prompt tokens that the engines found cached
 * @param outputTokensPerSecond output tokens over engine seconds from the first counted request to the last answer
 */
record ArmReport(
        Arm arm,
        int requests,
        long failed,
        Distribution ttftMs,
        Distribution tpotMs,
        Distribution e2eMs,
        double prefixHit,
        double outputTokensPerSecond) {

    private static final double MS_PER_SECOND = 1e3;

    /**
     * @param counted answers to the counted requests
     * @param firstDueSeconds when the first of them was due
     * @param speedUp engine time over wall time
     */
    static ArmReport of(
            Arm arm, List<Scoreboard.TimedSample> counted, long failed, double firstDueSeconds, double speedUp) {
        long prompt = 0;
        long cached = 0;
        long output = 0;
        double lastEnd = firstDueSeconds;
        for (Scoreboard.TimedSample timed : counted) {
            prompt += Math.max(0, timed.sample().promptTokens());
            cached += Math.max(0, timed.sample().cachedTokens());
            output += Math.max(0, timed.sample().outputTokens());
            lastEnd = Math.max(lastEnd, timed.endedAtSeconds());
        }
        return new ArmReport(
                arm,
                counted.size(),
                failed,
                distribution(counted, speedUp, ClientSample::ttftMs),
                distribution(counted, speedUp, ClientSample::tpotMs),
                distribution(counted, speedUp, ClientSample::e2eMs),
                prompt == 0 ? 0 : (double) cached / prompt,
                lastEnd == firstDueSeconds ? 0 : output / ((lastEnd - firstDueSeconds) * speedUp));
    }

    double ttftMeanSeconds() {
        return ttftMs.mean() / MS_PER_SECOND;
    }

    private static Distribution distribution(
            List<Scoreboard.TimedSample> counted, double speedUp, ToDoubleFunction<ClientSample> wallMs) {
        return new Distribution(counted.stream()
                .mapToDouble(timed -> wallMs.applyAsDouble(timed.sample()) * speedUp)
                .toArray());
    }
}
