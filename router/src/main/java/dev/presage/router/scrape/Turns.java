package dev.presage.router.scrape;

import java.util.ArrayList;
import java.util.List;

/**
 * The targets of one source, spread over its interval: each has its turn at one of {@value #BEATS} beats. One timer for all costs less
 * than one each, and few targets have one beat together, since waking up costs more than a page. Confined to the scraper's event
 * loop.
 */
final class Turns {
    /** Of an interval. */
    static final int BEATS = 20;

    /** Pages that are asked for at once rather than to wake up again. */
    private static final int FEW = 8;

    private static final int GOLDEN = 0x9E3779B9;

    private final List<List<ScrapeTarget>> targets = new ArrayList<>();
    private int beat;
    private int size;

    Turns() {
        for (int i = 0; i < BEATS; i++) {
            targets.add(new ArrayList<>());
        }
    }

    void add(ScrapeTarget target) {
        turn(target).add(target);
        size++;
    }

    void remove(ScrapeTarget target) {
        size -= turn(target).remove(target) ? 1 : 0;
    }

    /** How many beats may be one. */
    int together() {
        return BEATS * FEW < size ? 1 : BEATS * FEW / Math.max(FEW, size);
    }

    /** Lets those go ahead whose turn it is in the next beats. */
    void beat(int together) {
        for (int i = 0; i < together; i++) {
            // A copy: what fails at once may change the list.
            List.copyOf(targets.get(beat)).forEach(ScrapeTarget::tick);
            beat = (beat + 1) % BEATS;
        }
    }

    private List<ScrapeTarget> turn(ScrapeTarget target) {
        int hash = target.endpoint().id().hashCode() * GOLDEN;
        return targets.get((hash >>> 16) % BEATS);
    }
}
