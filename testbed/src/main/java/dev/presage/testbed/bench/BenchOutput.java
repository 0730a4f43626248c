package dev.presage.testbed.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Results as a table of medians or as JSON with every repeat. The lower-case names are the option's values. */
enum BenchOutput {
    table {
        @Override
        String render(List<CellResult> results) {
            StringBuilder text = new StringBuilder(String.format(
                    "%-8s %5s %8s %8s %9s %8s %8s %8s %9s %9s %7s %7s %8s %7s%n",
                    "server",
                    "fleet",
                    "body",
                    "load",
                    "decis./s",
                    "p50 us",
                    "p90 us",
                    "p99 us",
                    "p99.9 us",
                    "CPU s/1k",
                    "RSS MB",
                    "others",
                    "learned",
                    "errors"));
            for (CellResult result : results) {
                text.append(String.format(
                        Locale.ROOT,
                        "%-8s %5d %8d %8s %9.0f %8.0f %8.0f %8.0f %9.0f %9.3f %7.0f %7.2f %8s %7d%n",
                        result.server(),
                        result.endpoints(),
                        result.bodyBytes(),
                        result.shape().label(),
                        result.median(Measurement::perSecond),
                        result.median(m -> m.latency().p50()),
                        result.median(m -> m.latency().p90()),
                        result.median(m -> m.latency().p99()),
                        result.median(m -> m.latency().p999()),
                        result.median(Measurement::cpuPerThousand),
                        result.most(Measurement::residentMb),
                        result.median(Measurement::otherCores),
                        share(result.learnedShare()),
                        result.errors()));
            }
            List<Ratio> ratios = Ratio.of(results);
            if (!ratios.isEmpty()) {
                text.append(String.format(
                        "%n%-10s %5s %8s %8s %10s %6s %6s %6s%n",
                        "ratio to", "fleet", "body", "load", "decis./s", "p50", "p99", "CPU"));
            }
            for (Ratio ratio : ratios) {
                text.append(String.format(
                        Locale.ROOT,
                        "%-10s %5d %8d %8s %10.2f %6.2f %6.2f %6.2f%n",
                        ratio.to(),
                        ratio.endpoints(),
                        ratio.bodyBytes(),
                        ratio.shape().label(),
                        ratio.throughput(),
                        ratio.p50(),
                        ratio.p99(),
                        ratio.cpu()));
            }
            return text.toString();
        }
    },

    json {
        @Override
        String render(List<CellResult> results) {
            ObjectMapper mapper = new ObjectMapper();
            ArrayNode rows = mapper.createArrayNode();
            for (CellResult result : results) {
                ObjectNode row = rows.addObject();
                row.put("server", result.server());
                row.put("endpoints", result.endpoints());
                row.put("body_bytes", result.bodyBytes());
                row.put("load", result.shape().label());
                figure(row, result, "decisions_per_s", Measurement::perSecond);
                figure(row, result, "p50_us", m -> m.latency().p50());
                figure(row, result, "p90_us", m -> m.latency().p90());
                figure(row, result, "p99_us", m -> m.latency().p99());
                figure(row, result, "p999_us", m -> m.latency().p999());
                figure(row, result, "cpu_s_per_1000", Measurement::cpuPerThousand);
                figure(row, result, "resident_mb", Measurement::residentMb);
                ArrayNode memory = row.putArray("resident_mb_by_repeat");
                result.repeats().forEach(repeat -> memory.add(repeat.residentMb()));
                figure(row, result, "other_cores", Measurement::otherCores);
                row.put("errors", result.errors());
                ObjectNode decided = row.putObject("decided_by");
                new TreeMap<>(result.decidedBy()).forEach(decided::put);
            }
            ObjectNode document = mapper.createObjectNode();
            document.set("results", rows);
            ArrayNode ratios = document.putArray("ratios");
            for (Ratio ratio : Ratio.of(results)) {
                ratios.addObject()
                        .put("to", ratio.to())
                        .put("endpoints", ratio.endpoints())
                        .put("body_bytes", ratio.bodyBytes())
                        .put("load", ratio.shape().label())
                        .put("decisions_per_s", ratio.throughput())
                        .put("p50", ratio.p50())
                        .put("p99", ratio.p99())
                        .put("cpu_s", ratio.cpu());
            }
            try {
                return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a tree of numbers is always written", e);
            }
        }
    };

    abstract String render(List<CellResult> results);

    private static String share(double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    private static void figure(ObjectNode row, CellResult result, String name, ToDoubleFunction<Measurement> figure) {
        ObjectNode node = row.putObject(name);
        node.put("min", result.least(figure));
        node.put("median", result.median(figure));
        node.put("max", result.most(figure));
    }
}
