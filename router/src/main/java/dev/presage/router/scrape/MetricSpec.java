package dev.presage.router.scrape;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which samples are meant: a metric's name and the labels that a sample must carry. Immutable.
 *
 * @param labels by name; empty for any sample
 */
public record MetricSpec(String name, Map<String, String> labels) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern SPEC = Pattern.compile("\\s*(" + NAME + ")\\s*(?:\\{(.*)}\\s*)?", Pattern.DOTALL);
    private static final Pattern LABEL =
            Pattern.compile("\\s*([a-zA-Z_][a-zA-Z0-9_]*)\\s*=\\s*(?:\"([^\"\\\\]*)\"|([^\\s,\"{}=]+))\\s*(,|$)");

    public MetricSpec {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("metric name '" + name + "' is not a Prometheus name");
        }
        labels = Map.copyOf(labels);
    }

    /** Any sample of that name. */
    static MetricSpec of(String name) {
        return new MetricSpec(name, Map.of());
    }

    /** Reads {@code name}, {@code name{label=value}} or {@code name{label="v",other=w}}; else an IllegalArgumentException. */
    public static MetricSpec parse(String text) {
        Matcher spec = SPEC.matcher(text);
        if (!spec.matches()) {
            throw new IllegalArgumentException("metric spec '" + text + "' must be name or name{label=value}");
        }
        Map<String, String> labels = new LinkedHashMap<>();
        String inside = spec.group(2) == null ? "" : spec.group(2).strip();
        Matcher label = LABEL.matcher(inside);
        int at = 0;
        while (at < inside.length()) {
            if (!label.find(at) || label.start() != at) {
                throw new IllegalArgumentException(
                        "metric spec '" + text + "' has a label that is not label=value or label=\"value\"");
            }
            labels.put(label.group(1), label.group(2) == null ? label.group(3) : label.group(2));
            at = label.end();
        }
        return new MetricSpec(spec.group(1), labels);
    }
}
