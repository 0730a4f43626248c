package dev.presage.router.epp;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as the contract's flags spell them: {@code 30s}, {@code 50ms}, {@code 1m30s}, {@code 0}. */
final class GoDuration implements ITypeConverter<Duration> {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");
    private static final Map<String, Double> NANOS =
            Map.of("ns", 1.0, "us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9, "h", 3600e9);

    @Override
    public Duration convert(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher part = PART.matcher(text);
        double nanos = 0;
        int at = 0;
        while (part.find() && part.start() == at) {
            nanos += Double.parseDouble(part.group(1)) * NANOS.getOrDefault(part.group(2), 0.0);
            at = part.end();
        }
        if (at == 0 || at != text.length()) {
            throw new TypeConversionException("'" + text + "' is not a duration such as 30s, 50ms or 1m30s");
        }
        return Duration.ofNanos(Math.round(nanos));
    }
}
