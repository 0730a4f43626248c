package dev.presage.router.scrape;

import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.QueueState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Streaming reader of one engine's page in the Prometheus text format. Looks only at the families of its table; any bytes at
 * all are taken without an exception. Memory is bounded by {@value #MAX_LINE} bytes of a line that two chunks share; a longer
 * one is skipped. Confined to one thread; reused from page to page.
 */
final class MetricsPage {
    static final int MAX_LINE = 1 << 16;

    private final EngineTable table;
    private final SampleLine sample = new SampleLine();
    private final SignalSums sums;
    private byte[] open = new byte[512];
    private int openLength;
    private boolean skipping;

    MetricsPage(EngineSpec engine) {
        table = new EngineTable(engine);
        sums = new SignalSums(table);
        begin();
    }

    /** A new page starts. */
    void begin() {
        openLength = 0;
        skipping = false;
        sums.clear();
    }

    /** The next bytes of the page, in any division. */
    void feed(byte[] bytes, int from, int to) {
        int at = from;
        if (openLength > 0 || skipping) {
            int end = Newlines.next(bytes, at, to);
            keepOpen(bytes, at, end);
            if (end == to) {
                return;
            }
            closeLine();
            at = end + 1;
        }
        while (at < to) {
            int end = Newlines.next(bytes, at, to);
            if (end == to) {
                keepOpen(bytes, at, to);
                return;
            }
            line(bytes, at, end);
            at = end + 1;
        }
    }

    /**
     * The page ends; null when it held nothing of the engine's load.
     *
     * @param own the router's own account, which stands in for what the page does not tell
     */
    @Nullable
    EngineSignals end(long scrapedAtNanos, QueueState own) {
        closeLine();
        return sums.signals(scrapedAtNanos, own);
    }

    /** The engine went away: what it had loaded is gone. */
    void forget() {
        sums.forget();
    }

    private void keepOpen(byte[] bytes, int from, int to) {
        int length = openLength + to - from;
        if (skipping || length > MAX_LINE) {
            skipping = true;
            return;
        }
        if (length > open.length) {
            open = Arrays.copyOf(open, Math.min(MAX_LINE, Math.max(length, 2 * open.length)));
        }
        System.arraycopy(bytes, from, open, openLength, to - from);
        openLength = length;
    }

    private void closeLine() {
        if (!skipping) {
            line(open, 0, openLength);
        }
        openLength = 0;
        skipping = false;
    }

    private void line(byte[] bytes, int from, int to) {
        int nameLength = table.nameLength(bytes, from, to);
        if (nameLength == 0 || !sample.read(bytes, from + nameLength, to)) {
            return;
        }
        for (int i = 0; i < table.size(); i++) {
            Family family = table.family(i);
            boolean named = family.name().length == nameLength
                    && Arrays.equals(bytes, from, from + nameLength, family.name(), 0, nameLength);
            if (named && family.matches(sample)) {
                sums.add(family, sample, bytes);
            }
        }
    }
}
