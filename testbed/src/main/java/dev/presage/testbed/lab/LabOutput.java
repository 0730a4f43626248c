package dev.presage.testbed.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** How a lab prints its results; the names are what the command line takes. */
enum LabOutput {
    table {
        @Override
        String render(List<PolicyResult> results) {
            StringBuilder text = new StringBuilder(String.format(
                    "%-14s %8s %9s %9s %9s %9s | %8s %8s | %6s %8s | %9s %8s %9s %6s | %7s %7s%n",
                    "policy",
                    "requests",
                    "ttft mean",
                    "p50",
                    "p95",
                    "p99",
                    "tpot p50",
                    "p99",
                    "hit",
                    "tokens/s",
                    "ttft err",
                    "cover90",
                    "tpot err",
                    "models",
                    "good",
                    "good/s"));
            for (PolicyResult r : results) {
                text.append(String.format(
                        Locale.ROOT,
                        "%-14s %8d %8.3fs %8.3fs %8.3fs %8.3fs | %6.1fms %6.1fms | %5.1f%% %8.0f | %9s %8s %9s %6d | %7s %7s%n",
                        r.policy(),
                        r.requests(),
                        r.ttftMs().mean() / 1e3,
                        r.ttftMs().p50() / 1e3,
                        r.ttftMs().p95() / 1e3,
                        r.ttftMs().p99() / 1e3,
                        r.tpotMs().p50(),
                        r.tpotMs().p99(),
                        100 * r.prefixHit(),
                        r.outputTokensPerSecond(),
                        percent(r.ttftError()),
                        percent(r.ttftCoverage90()),
                        percent(r.tpotError()),
                        r.models(),
                        percent(r.goodShare()),
                        figure("%.2f", Double.isNaN(r.goodShare()) ? Double.NaN : r.goodPerSecond())));
            }
            return text.toString();
        }
    },
    csv {
        @Override
        String render(List<PolicyResult> results) {
            StringBuilder text =
                    new StringBuilder("policy,requests,ttft_mean_ms,ttft_p50_ms,ttft_p90_ms,ttft_p95_ms,ttft_p99_ms,"
                            + "tpot_mean_ms,tpot_p50_ms,tpot_p99_ms,e2e_mean_ms,prefix_hit,output_tokens_per_s\n");
            for (PolicyResult r : results) {
                text.append(String.format(
                        Locale.ROOT,
                        "%s,%d,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.5f,%.2f%n",
                        r.policy(),
                        r.requests(),
                        r.ttftMs().mean(),
                        r.ttftMs().p50(),
                        r.ttftMs().p90(),
                        r.ttftMs().p95(),
                        r.ttftMs().p99(),
                        r.tpotMs().mean(),
                        r.tpotMs().p50(),
                        r.tpotMs().p99(),
                        r.e2eMs().mean(),
                        r.prefixHit(),
                        r.outputTokensPerSecond()));
            }
            return text.toString();
        }
    },
    json {
        @Override
        String render(List<PolicyResult> results) {
            ObjectNode root = JSON.createObjectNode();
            for (PolicyResult r : results) {
                ObjectNode policy = root.withArray("policies").addObject();
                policy.put("policy", r.policy()).put("requests", r.requests());
                put(policy, "ttft_ms", r.ttftMs());
                put(policy, "tpot_ms", r.tpotMs());
                put(policy, "e2e_ms", r.e2eMs());
                policy.put("prefix_hit", r.prefixHit()).put("output_tokens_per_s", r.outputTokensPerSecond());
                if (!Double.isNaN(r.goodShare())) {
                    policy.put("good_share", r.goodShare()).put("good_per_s", r.goodPerSecond());
                }
                if (r.accuracy().ttftCoverage().length > 0) {
                    policy.putObject("prediction")
                            .put("models", r.models())
                            .put("ttft_error_p50", r.ttftError())
                            .put("ttft_coverage_p50", r.accuracy().ttftCoverage()[0])
                            .put("ttft_coverage_p90", r.ttftCoverage90())
                            .put("ttft_coverage_p95", r.accuracy().ttftCoverage()[2])
                            .put("ttft_coverage_p99", r.accuracy().ttftCoverage()[3])
                            .put("coverage_worst_gap", r.accuracy().overallGap())
                            .put("coverage_worst_slice_gap", r.accuracy().sliceGap())
                            .put("tpot_error_p50", r.tpotError());
                }
            }
            return root + "\n";
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();

    abstract String render(List<PolicyResult> results);

    /** A policy without a model has nothing to say. */
    private static String percent(double share) {
        return figure("%.1f%%", 100 * share);
    }

    /** A dash for what there was none of. */
    static String figure(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static void put(ObjectNode policy, String name, Summary summary) {
        policy.putObject(name)
                .put("mean", summary.mean())
                .put("p50", summary.p50())
                .put("p90", summary.p90())
                .put("p95", summary.p95())
                .put("p99", summary.p99());
    }
}
