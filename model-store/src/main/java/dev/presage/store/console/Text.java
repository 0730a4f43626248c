package dev.presage.store.console;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.evidence.Interval;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Figures, times and names as pages write them. */
final class Text {
    static final String NONE = "–";

    private static final int SHORT_ID = 19;
    private static final double Z = 1.96;

    private Text() {}

    static String percent(@Nullable Double share) {
        return share == null ? NONE : String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    static String ms(@Nullable Double value) {
        return value == null ? NONE : number(value) + " ms";
    }

    static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%,.0f", value);
    }

    /** The median error of one target; a dash when nothing was evaluated. */
    static String error(ModelMetrics.Accuracy accuracy) {
        return accuracy.count() == 0 ? NONE : percent(accuracy.medianApe());
    }

    /** Where the median error lies in 95 of 100 cases. */
    static String errorInterval(ModelMetrics.Accuracy accuracy) {
        return String.format(
                Locale.ROOT, "%.1f to %.1f %%", accuracy.medianApeLow() * 100, accuracy.medianApeHigh() * 100);
    }

    static String factor(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** A feature's value: whole numbers as such. */
    static String figure(@Nullable Float value) {
        if (value == null) {
            return NONE;
        }
        String format = value == Math.rint(value) ? "%,.0f" : Math.abs(value) < 10 ? "%.3f" : "%,.1f";
        return String.format(Locale.ROOT, format, value);
    }

    /** Names with their shares. */
    static String shares(Map<String, Double> shares) {
        return shares.isEmpty()
                ? "none"
                : shares.entrySet().stream()
                        .map(share -> share.getKey() + " " + percent(share.getValue()))
                        .collect(Collectors.joining(", "));
    }

    /** The estimate and its interval, scaled. */
    static String interval(@Nullable Interval interval, double scale, String unit) {
        return interval == null
                ? NONE
                : new Interval(interval.estimate() * scale, interval.low() * scale, interval.high() * scale)
                                .text("%.1f")
                        + unit;
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** To the second, UTC. */
    static String time(@Nullable Long ms) {
        return ms == null
                ? NONE
                : Instant.ofEpochMilli(ms).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String ago(long nowMs, long thenMs) {
        Duration age = Duration.ofMillis(Math.max(0, nowMs - thenMs));
        if (age.toMinutes() < 2) {
            return age.toSeconds() + " s";
        }
        if (age.toHours() < 2) {
            return age.toMinutes() + " min";
        }
        return age.toDays() < 2 ? age.toHours() + " h" : age.toDays() + " days";
    }

    /** A duration in ISO form, in days where it is whole days. */
    static String length(String iso) {
        try {
            Duration length = Duration.parse(iso);
            return length.equals(Duration.ofDays(length.toDays()))
                    ? length.toDays() + " days"
                    : length.toHours() + " h";
        } catch (DateTimeParseException e) {
            return iso;
        }
    }

    /** A burn rate at which an alert fires. */
    static String bound(double rate) {
        return String.format(Locale.ROOT, "%.1f", rate);
    }

    /** As one segment of a path, or one value of a query. */
    static String url(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The id's beginning, as on the command line. */
    static String shortId(BundleId bundle) {
        return shortId(bundle.value());
    }

    static String shortId(String bundle) {
        return bundle.substring(0, Math.min(SHORT_ID, bundle.length()));
    }

    static String key(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Lowest and highest quantile. */
    static String range(List<Float> quantiles) {
        return quantiles.isEmpty() ? NONE : number(quantiles.getFirst()) + " to " + number(quantiles.getLast());
    }

    /** The 95 % interval of a share (Wilson, "Probable inference", 1927). */
    static String shareInterval(double share, long count) {
        double z = Z * Z / count;
        double middle = (share + z / 2) / (1 + z);
        double half = Z * Math.sqrt((share * (1 - share) + z / 4) / count) / (1 + z);
        return factor(Math.max(0, middle - half)) + " to " + factor(Math.min(1, middle + half));
    }

    static String level(double level) {
        return "p" + String.format(Locale.ROOT, "%.1f", level * 100).replace(".0", "");
    }
}
