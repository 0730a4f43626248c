package dev.presage.router.slo;

import dev.presage.router.request.LatencyTargets;
import java.time.Duration;

/**
 * A latency objective: the {@code LatencySLO} resource of {@code presage.dev/v1alpha1}. Immutable.
 *
 * @param name unique among those of a router
 * @param window the period that the budget is for
 * @param objective share of the window's requests that must keep the targets, below 1
 * @param minimumRequests with fewer in a window its burn rate says nothing
 */
public record LatencySlo(
        String name,
        SloSelector selector,
        LatencyTarget ttft,
        LatencyTarget tpot,
        Duration window,
        double objective,
        OnViolation onViolation,
        int minimumRequests) {
    /** Objectives in percent. */
    public static final double MIN_OBJECTIVE = 50;

    public static final double MAX_OBJECTIVE = 99.999;
    public static final Duration MIN_WINDOW = Duration.ofHours(1);
    public static final Duration MAX_WINDOW = Duration.ofDays(90);
    public static final Duration DEFAULT_WINDOW = Duration.ofDays(30);
    public static final int MAX_MINIMUM_REQUESTS = 1_000_000;

    /** One bad request of so many burns at less than the rate that pages, for objectives up to 99.77 %. */
    public static final int DEFAULT_MINIMUM_REQUESTS = 30;

    public LatencySlo {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name of an SLO must not be empty");
        }
        if (!ttft.isSet() && !tpot.isSet()) {
            throw new IllegalArgumentException("SLO " + name + " needs a target");
        }
        if (!(objective >= MIN_OBJECTIVE / 100 && objective <= MAX_OBJECTIVE / 100 + 1e-12)) {
            throw new IllegalArgumentException(
                    "objective " + objective + " outside " + MIN_OBJECTIVE / 100 + ".." + MAX_OBJECTIVE / 100);
        }
        if (window.compareTo(MIN_WINDOW) < 0 || window.compareTo(MAX_WINDOW) > 0) {
            throw new IllegalArgumentException("window " + window + " outside " + MIN_WINDOW + ".." + MAX_WINDOW);
        }
        if (minimumRequests < 1 || minimumRequests > MAX_MINIMUM_REQUESTS) {
            throw new IllegalArgumentException(
                    "minimumRequests " + minimumRequests + " outside 1.." + MAX_MINIMUM_REQUESTS);
        }
    }

    /** Its bounds without their percentiles. */
    public LatencyTargets targets() {
        return new LatencyTargets(ttft.ms(), tpot.ms());
    }

    /** The share of requests that may miss. */
    public double budget() {
        return 1 - objective;
    }

    /** Whether every request is judged for itself, so that it counts at once. */
    boolean judgesEachRequest() {
        return ttft.percentile() == 0 && tpot.percentile() == 0;
    }

    /** Whether what was counted for the other one is an account of this one too. */
    boolean sameBooks(LatencySlo other) {
        return ttft.equals(other.ttft)
                && tpot.equals(other.tpot)
                && window.equals(other.window)
                && selector.equals(other.selector);
    }
}
