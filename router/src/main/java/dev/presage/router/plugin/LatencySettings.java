package dev.presage.router.plugin;

/**
 * How predictions are held against SLOs: the parameters of {@code predicted-latency-producer} that mean something here.
 *
 * @param enabled false leaves plugins without predictions
 * @param streaming whether time per output token counts
 * @param bufferFactor stretches the TPOT SLO
 * @param roleLabel label whose value {@code prefill} frees an endpoint of the TPOT SLO, empty for none
 */
public record LatencySettings(boolean enabled, boolean streaming, double bufferFactor, String roleLabel)
        implements Plugin {
    public static final LatencySettings DEFAULT = new LatencySettings(true, false, 1, "");

    public LatencySettings {
        if (!(bufferFactor > 0 && bufferFactor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("bufferFactor " + bufferFactor + " must be more than 0 and finite");
        }
    }
}
