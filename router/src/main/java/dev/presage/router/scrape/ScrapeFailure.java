package dev.presage.router.scrape;

import java.util.Locale;

/** Why a scrape brought nothing. The endpoint keeps its last signals, which become stale by age. */
public enum ScrapeFailure {
    CONNECT,
    TIMEOUT,
    /** The connection broke before the page was complete. */
    BROKEN,
    /** Another status than 200. */
    STATUS,
    TOO_LARGE,
    /** A page without one family of the engine. */
    NO_KNOWN_METRIC,
    /** A list of models that is none. */
    UNREADABLE;

    /** Name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
