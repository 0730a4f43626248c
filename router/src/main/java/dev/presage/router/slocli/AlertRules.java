package dev.presage.router.slocli;

import dev.presage.router.slo.BurnWindow;
import dev.presage.router.slo.LatencySlo;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Prometheus rules of one SLO: the share of bad requests per window, and the multiwindow, multi-burn-rate alerts of the Site
 * Reliability Workbook (Beyer et al., 2018, chapter 5): a page when 2 % of a month's budget go in an hour or 5 % in six, a
 * ticket when 10 % go in a day or three. The long window says that it matters, the short one that it goes on. No alert while
 * the long window has fewer than the SLO's minimum of requests.
 */
record AlertRules(LatencySlo slo) {
    /** A burn rate that must be exceeded over both windows. */
    private record Burn(double rate, BurnWindow over, BurnWindow and) {}

    private enum Severity {
        PAGE(
                "page",
                "PresageSloBudgetBurnsFast",
                List.of(new Burn(14.4, BurnWindow.H1, BurnWindow.M5), new Burn(6, BurnWindow.H6, BurnWindow.M30))),
        TICKET(
                "ticket",
                "PresageSloBudgetBurns",
                List.of(new Burn(3, BurnWindow.D1, BurnWindow.H2), new Burn(1, BurnWindow.D3, BurnWindow.H6)));

        final String label;
        final String alert;
        final List<Burn> burns;

        Severity(String label, String alert, List<Burn> burns) {
            this.label = label;
            this.alert = alert;
            this.burns = burns;
        }
    }

    /** The group, each line after {@code indent}. */
    String group(String indent) {
        StringBuilder text = new StringBuilder();
        line(text, indent, "- name: presage-slo-" + slo.name());
        line(text, indent, "  rules:");
        for (BurnWindow window : BurnWindow.values()) {
            line(text, indent, "  - record: " + ratio(window));
            line(
                    text,
                    indent,
                    "    expr: sum(rate(" + series("bad_requests", window) + ")) / sum(rate("
                            + series("requests", window) + "))");
            line(text, indent, "    labels: {slo: " + slo.name() + "}");
        }
        for (Severity severity : Severity.values()) {
            alert(text, indent, severity);
        }
        return text.toString();
    }

    /** Burn rates that this objective does not leave room for: even if every request missed, they would not be reached. */
    List<String> unreachable() {
        List<String> unreachable = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            for (Burn burn : severity.burns) {
                if (!reachable(burn)) {
                    unreachable.add("SLO " + slo.name() + ": objective " + number(slo.objective() * 100)
                            + " % cannot burn " + number(burn.rate()) + " times its budget, so there is no "
                            + severity.label + " over " + burn.over().label());
                }
            }
        }
        return unreachable;
    }

    private boolean reachable(Burn burn) {
        return burn.rate() * slo.budget() < 1;
    }

    private void alert(StringBuilder text, String indent, Severity severity) {
        List<Burn> burns = severity.burns.stream().filter(this::reachable).toList();
        if (burns.isEmpty()) {
            return;
        }
        line(text, indent, "  - alert: " + severity.alert);
        line(text, indent, "    expr: |");
        line(
                text,
                indent,
                "      "
                        + burns.stream()
                                .map(this::condition)
                                .collect(Collectors.joining("\n" + indent + "      or\n" + indent + "      ")));
        line(text, indent, "    labels: {severity: " + severity.label + ", slo: " + slo.name() + "}");
        line(text, indent, "    annotations:");
        line(
                text,
                indent,
                "      summary: LatencySLO " + slo.name() + " loses its error budget "
                        + (severity == Severity.PAGE ? "fast" : "steadily"));
        line(text, indent, "      description: >-");
        line(
                text,
                indent,
                "        {{ $value | humanizePercentage }} of the requests missed the targets; the objective of "
                        + number(slo.objective() * 100));
        line(
                text,
                indent,
                "        % allows " + number(slo.budget() * 100) + " %. See deploy/operations.md, Latency targets.");
    }

    private String condition(Burn burn) {
        String bound = number(burn.rate()) + " * " + number(slo.budget());
        return "(" + recorded(burn.over()) + " > " + bound
                + " and " + recorded(burn.and()) + " > " + bound
                + " and on(slo) sum by(slo) (increase(" + series("requests", burn.over()) + ")) >= "
                + slo.minimumRequests() + ")";
    }

    private String series(String what, BurnWindow window) {
        return "presage_slo_" + what + "_total{slo=\"" + slo.name() + "\"}[" + window.label() + "]";
    }

    private String recorded(BurnWindow window) {
        return ratio(window) + "{slo=\"" + slo.name() + "\"}";
    }

    private static String ratio(BurnWindow window) {
        return "presage_slo:bad_requests:ratio_rate" + window.label();
    }

    static String number(double value) {
        return new BigDecimal(value)
                .round(new MathContext(9))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static void line(StringBuilder text, String indent, String line) {
        text.append(indent).append(line).append('\n');
    }
}
