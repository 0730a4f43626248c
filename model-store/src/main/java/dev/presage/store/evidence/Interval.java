package dev.presage.store.evidence;

/** An estimate and its 95 % confidence interval. */
public record Interval(double estimate, double low, double high) {
    static final double Z = 1.96;

    static Interval around(double estimate, double standardError) {
        return new Interval(estimate, estimate - Z * standardError, estimate + Z * standardError);
    }

    /** For people: {@code 0.12 (0.08..0.16)}. */
    public String text(String number) {
        return (number + " (" + number + " to " + number + ")").formatted(estimate, low, high);
    }
}
