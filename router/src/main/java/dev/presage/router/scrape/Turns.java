package dev.presage.router.scrape;

import java.util.ArrayList;
import java.util.List;

/**
 * The targets of one source, spread over its interval: each has its turn at one of {@value #BEATS} beats. One timer for all costs less
 * than one each. Confined to the scraper's event loop.
 */
final class Turns {
    /** Of an interval. */
    static final int BEATS = 20;

    private static final int GOLDEN = 0x9E3779B9;

    private final List<List<ScrapeTarget>> targets = new ArrayList<>();
    private int beat;

    Turns() {
        for (int i = 0; i < BEATS; i++) {
            targets.add(new ArrayList<>());
        }
    }

    void add(ScrapeTarget target) {
        turn(target).add(target);
    }

    void remove(ScrapeTarget target) {
        turn(target).remove(target);
    }

    /** Lets those go ahead whose turn it is. */
    void beat() {
        // A copy: what fails at once may change the list.
        List.copyOf(targets.get(beat)).forEach(ScrapeTarget::tick);
        beat = (beat + 1) % BEATS;
    }

    private List<ScrapeTarget> turn(ScrapeTarget target) {
        int hash = target.endpoint().id().hashCode() * GOLDEN;
        return targets.get((hash >>> 16) % BEATS);
    }
}
