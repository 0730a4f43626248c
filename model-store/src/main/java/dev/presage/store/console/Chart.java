package dev.presage.store.console;

import dev.presage.store.bundle.StoreJson;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What {@code console.js} draws with Chart.js. Whatever a chart shows is in a table of the same page too.
 *
 * @param kind {@code line}, {@code bar} (horizontal), {@code column} or {@code scatter}
 * @param labels of the bars; empty for the others
 * @param diagonal a line where both axes are equal
 * @param log both axes are logarithmic
 */
record Chart(String kind, String x, String y, List<String> labels, List<Series> series, boolean diagonal, boolean log) {
    /** {@code points} are x, y pairs, or for bars one value each; {@code dashed} for bounds. */
    record Series(String name, List<?> points, boolean dashed) {
        Series(String name, List<?> points) {
            this(name, points, false);
        }
    }

    static Chart bars(String title, List<String> labels, List<Series> series) {
        return new Chart("bar", title, "", labels, series, false, false);
    }

    static Chart columns(String title, List<String> labels, List<Series> series) {
        return new Chart("column", "", title, labels, series, false, false);
    }

    /** For the attribute {@code data-chart}. */
    String json() {
        return new String(StoreJson.write(this), StandardCharsets.UTF_8);
    }
}
