package dev.presage.router.flow;

/** One priority band: its bounds, whose turn it is among its flows, and in which order a flow's requests go. */
public record BandSettings(Limits limits, Fairness fairness, Ordering ordering) {
    public static final BandSettings DEFAULT = new BandSettings(Limits.BAND, Fairness.STRICT, Ordering.FCFS);
}
