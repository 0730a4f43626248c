package dev.presage.router.yaml;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Durations as the contract spells them: {@code 30s}, {@code 50ms}, {@code 1m30s}, {@code 0}. */
public final class Durations {
    private static final Pattern WHOLE = Pattern.compile("(?:\\d{1,9}(?:\\.\\d{1,9})?(?:ns|us|µs|ms|s|m|h))+");
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");
    private static final Map<String, Double> NANOS =
            Map.of("ns", 1.0, "us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9, "h", 3600e9);

    private Durations() {}

    /** The same spelling, in the largest unit that leaves a whole number: {@code 50ms}, {@code 24h}. */
    public static String text(Duration duration) {
        long nanos = duration.toNanos();
        return Stream.of("h", "m", "s", "ms", "us", "ns")
                .filter(unit -> nanos % (long) (double) NANOS.getOrDefault(unit, 1.0) == 0)
                .map(unit -> nanos / (long) (double) NANOS.getOrDefault(unit, 1.0) + unit)
                .findFirst()
                .orElseThrow();
    }

    /** Empty when the text is no duration. */
    public static Optional<Duration> parse(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        if (!WHOLE.matcher(text).matches()) {
            return Optional.empty();
        }
        double nanos = 0;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            nanos += Double.parseDouble(part.group(1)) * NANOS.getOrDefault(part.group(2), 0.0);
        }
        return Optional.of(Duration.ofNanos(Math.round(nanos)));
    }
}
