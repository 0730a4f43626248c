package dev.presage.router.slocli;

import dev.presage.router.slo.LatencySlo;
import dev.presage.router.slo.LatencyTarget;
import dev.presage.router.slo.SloSelector;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Writes an SLO as the document that it could have been read from. */
final class SloText {
    private SloText() {}

    static String of(LatencySlo slo) {
        StringBuilder text = new StringBuilder("""
                apiVersion: presage.dev/v1alpha1
                kind: LatencySLO
                metadata:
                  name: %s
                spec:
                """.formatted(slo.name()));
        Map<String, String> selector = selector(slo.selector());
        if (!selector.isEmpty() || !slo.selector().headers().isEmpty()) {
            text.append("  selector:\n");
            selector.forEach((field, value) -> text.append("    ")
                    .append(field)
                    .append(": ")
                    .append(quoted(value))
                    .append('\n'));
            if (!slo.selector().headers().isEmpty()) {
                text.append("    headers:\n");
                new TreeMap<>(slo.selector().headers()).forEach((name, value) -> text.append("      ")
                        .append(quoted(name))
                        .append(": ")
                        .append(quoted(value))
                        .append('\n'));
            }
        }
        text.append("  targets:\n");
        target(text, "ttft", slo.ttft());
        target(text, "tpot", slo.tpot());
        return text.append("  objective: ")
                .append(AlertRules.number(slo.objective() * 100))
                .append("\n  window: ")
                .append(window(slo.window()))
                .append("\n  onViolation: ")
                .append(slo.onViolation().label())
                .append("\n  minimumRequests: ")
                .append(slo.minimumRequests())
                .append('\n')
                .toString();
    }

    /** The conditions but those on headers, as field and value. */
    static Map<String, String> selector(SloSelector selector) {
        Map<String, String> fields = new LinkedHashMap<>();
        put(fields, "pool", selector.pool());
        put(fields, "model", selector.model());
        put(fields, "objective", selector.objective());
        put(fields, "tenant", selector.tenant());
        return fields;
    }

    private static void put(Map<String, String> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, value);
        }
    }

    private static void target(StringBuilder text, String name, LatencyTarget target) {
        if (target.isSet()) {
            text.append("    ").append(name).append(": {ms: ").append(AlertRules.number(target.ms()));
            if (target.percentile() > 0) {
                text.append(", percentile: ").append(AlertRules.number(target.percentile()));
            }
            text.append("}\n");
        }
    }

    static String window(Duration window) {
        if (window.toMillis() % Duration.ofDays(1).toMillis() == 0) {
            return window.toDays() + "d";
        }
        return window.toSeconds() % 3600 == 0 ? window.toHours() + "h" : window.toMinutes() + "m";
    }

    static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
