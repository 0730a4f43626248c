package dev.presage.testbed.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.presage.testbed.load.Distribution;
import java.util.Locale;

/** How the report is printed; the names are what the command line takes. */
enum ReportFormat {
    table {
        @Override
        String render(QuickstartReport report) {
            StringBuilder text = new StringBuilder(String.format(
                    "%-10s %8s %6s | %9s %9s %9s %9s | %8s %8s | %6s %8s | %8s %8s%n",
                    "policy",
                    "requests",
                    "failed",
                    "ttft mean",
                    "p50",
                    "p90",
                    "p99",
                    "tpot p50",
                    "p99",
                    "hit",
                    "tokens/s",
                    "ttft err",
                    "cover90"));
            for (ArmReport arm : report.arms()) {
                text.append(String.format(
                        Locale.ROOT,
                        "%-10s %8d %6d | %8.2fs %8.2fs %8.2fs %8.2fs | %6.1fms %6.1fms | %5.1f%% %8.0f | %8s %8s%n",
                        arm.arm().label(),
                        arm.requests(),
                        arm.failed(),
                        arm.ttftMeanSeconds(),
                        arm.ttftMs().quantile(0.5) / 1e3,
                        arm.ttftMs().quantile(0.9) / 1e3,
                        arm.ttftMs().quantile(0.99) / 1e3,
                        arm.tpotMs().quantile(0.5),
                        arm.tpotMs().quantile(0.99),
                        100 * arm.prefixHit(),
                        arm.outputTokensPerSecond(),
                        arm.arm() == Arm.LEARNED ? percent(report.ttftError()) : "-",
                        arm.arm() == Arm.LEARNED ? percent(report.ttftCoverage90()) : "-"));
            }
            return text.append(footer(report)).toString();
        }
    },
    json {
        @Override
        String render(QuickstartReport report) {
            ObjectNode root = JSON.createObjectNode();
            root.put("gateway", report.gateway())
                    .put("speed_up", report.speedUp())
                    .put("requests", report.requests())
                    .put("failed", report.failed())
                    .put("worst_lag_ms", report.worstLagMs())
                    .put("counted_from_s", report.countedFromSeconds())
                    .put("models", report.models())
                    .put("prediction_pairs", report.pairs())
                    .put("samples", report.samples());
            put(root, "first_model_s", report.firstModelSeconds());
            for (ArmReport arm : report.arms()) {
                ObjectNode policy = root.withArray("policies").addObject();
                policy.put("policy", arm.arm().label())
                        .put("requests", arm.requests())
                        .put("failed", arm.failed());
                put(policy, "ttft_ms", arm.ttftMs());
                put(policy, "tpot_ms", arm.tpotMs());
                put(policy, "e2e_ms", arm.e2eMs());
                policy.put("prefix_hit", arm.prefixHit()).put("output_tokens_per_s", arm.outputTokensPerSecond());
                if (arm.arm() == Arm.LEARNED) {
                    ObjectNode prediction = policy.putObject("prediction").put("models", report.models());
                    put(prediction, "ttft_error_p50", report.ttftError());
                    put(prediction, "ttft_coverage_p90", report.ttftCoverage90());
                    put(prediction, "tpot_error_p50", report.tpotError());
                }
            }
            return root + "\n";
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();

    abstract String render(QuickstartReport report);

    private static String footer(QuickstartReport report) {
        return String.format(
                Locale.ROOT,
                """

                Through %s. Each arm got the same %d requests; the table counts those from second %.0f on that every arm answered.
                Times are engine time (wall time x %.1f). %s, %d versions; %d predictions met
                their outcome (TPOT error %s); %d training samples; the load was at worst %.0f ms late.
                """,
                report.gateway(),
                report.requests(),
                report.countedFromSeconds(),
                report.speedUp(),
                report.models() == 0
                        ? "No model came into service"
                        : String.format(Locale.ROOT, "First model in service after %.0f s", report.firstModelSeconds()),
                report.models(),
                report.pairs(),
                percent(report.tpotError()),
                report.samples(),
                report.worstLagMs());
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    static void put(ObjectNode policy, String name, Distribution values) {
        ObjectNode node = policy.putObject(name);
        put(node, "mean", values.mean());
        put(node, "p50", values.quantile(0.50));
        put(node, "p90", values.quantile(0.90));
        put(node, "p95", values.quantile(0.95));
        put(node, "p99", values.quantile(0.99));
    }

    /** JSON has no NaN: what is unknown is null. */
    static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
