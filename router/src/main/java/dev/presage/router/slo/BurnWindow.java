package dev.presage.router.slo;

import java.time.Duration;

/**
 * The windows over which budgets burn: those of the alerts of the Site Reliability Workbook (Beyer et al., 2018, chapter 5,
 * "Multiwindow, Multi-Burn-Rate Alerts").
 */
public enum BurnWindow {
    M5("5m", Duration.ofMinutes(5)),
    M30("30m", Duration.ofMinutes(30)),
    H1("1h", Duration.ofHours(1)),
    H2("2h", Duration.ofHours(2)),
    H6("6h", Duration.ofHours(6)),
    D1("1d", Duration.ofDays(1)),
    D3("3d", Duration.ofDays(3));

    private final String label;
    private final Duration length;

    BurnWindow(String label, Duration length) {
        this.label = label;
        this.length = length;
    }

    /** As Prometheus writes it. */
    public String label() {
        return label;
    }

    public Duration length() {
        return length;
    }
}
