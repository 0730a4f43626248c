package dev.presage.router.request;

import java.util.Map;

/**
 * Bounds on the latency of one request, in milliseconds; infinite where there is none. Immutable.
 *
 * @param ttftMs on the time to the first token
 * @param tpotMs on the mean time per output token after it
 */
public record LatencyTargets(double ttftMs, double tpotMs) {
    private static final double ANY = Double.POSITIVE_INFINITY;

    public static final LatencyTargets NONE = new LatencyTargets(ANY, ANY);

    public LatencyTargets {
        if (!(ttftMs > 0 && tpotMs > 0)) {
            throw new IllegalArgumentException("targets " + ttftMs + " and " + tpotMs + " ms must be more than 0");
        }
    }

    /**
     * What the client asks for: {@code x-llm-d-slo-ttft-ms}, {@code x-llm-d-slo-tpot-ms} or their older names {@code
     * x-slo-ttft-ms}, {@code x-slo-tpot-ms}. The newer name wins; what is no positive number is no target.
     */
    public static LatencyTargets asked(Map<String, String> headers) {
        double ttft = header(headers, "x-llm-d-slo-ttft-ms", "x-slo-ttft-ms");
        double tpot = header(headers, "x-llm-d-slo-tpot-ms", "x-slo-tpot-ms");
        return ttft == ANY && tpot == ANY ? NONE : new LatencyTargets(ttft, tpot);
    }

    private static double header(Map<String, String> headers, String name, String legacy) {
        String text = headers.get(name);
        text = text == null ? headers.get(legacy) : text;
        if (text == null || text.isBlank()) {
            return ANY;
        }
        try {
            double value = Double.parseDouble(text.strip());
            return value > 0 ? value : ANY;
        } catch (NumberFormatException e) {
            return ANY;
        }
    }

    /** These, and of {@code others} what these leave open. */
    public LatencyTargets orElse(LatencyTargets others) {
        if (equals(NONE)) {
            return others;
        }
        return new LatencyTargets(ttftMs == ANY ? others.ttftMs : ttftMs, tpotMs == ANY ? others.tpotMs : tpotMs);
    }

    /** What is left of them after a wait before the dispatch; a bound that has passed is as good as nothing. */
    public LatencyTargets after(double waitedMs) {
        return waitedMs <= 0 || ttftMs == ANY
                ? this
                : new LatencyTargets(Math.max(Double.MIN_NORMAL, ttftMs - waitedMs), tpotMs);
    }

    public boolean any() {
        return ttftMs != ANY || tpotMs != ANY;
    }
}
