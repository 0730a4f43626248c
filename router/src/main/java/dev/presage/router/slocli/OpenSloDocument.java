package dev.presage.router.slocli;

import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one OpenSLO v1 document says of a latency. Which latency, and in which unit, is said by annotations or recognised in the
 * queries of its indicator.
 *
 * @param slo name of the SLO that it is a target of
 * @param target ttft or tpot
 * @param percentile 0 without time slices
 * @param objective in percent
 * @param annotations those of ours, without their prefix
 */
record OpenSloDocument(
        String slo,
        String target,
        double ms,
        double percentile,
        double objective,
        String window,
        Map<String, String> annotations) {
    private static final Pattern WINDOW = Pattern.compile("([0-9]{1,4})([hdw])");
    private static final Pattern TTFT = Pattern.compile("ttft|time_?to_?first_?token");
    private static final Pattern TPOT = Pattern.compile("tpot|time_?per_?output_?token|inter_?token");

    /** Empty for documents of another kind than SLO. */
    static Optional<OpenSloDocument> of(YamlNode node) {
        YamlMapping root = node.mapping();
        YamlNode version = root.required("apiVersion");
        if (!version.text().equals("openslo/v1")) {
            throw version.error("must be openslo/v1, is '" + version.text() + "'");
        }
        if (!root.required("kind").text().equals("SLO")) {
            return Optional.empty();
        }
        YamlMapping metadata = root.required("metadata").mapping();
        YamlNode name = metadata.required("name");
        Map<String, String> ours = annotations(metadata);
        YamlMapping spec = root.required("spec").mapping();
        String query = String.join(" ", queries(spec.required("indicator"))).toLowerCase(Locale.ROOT);
        String target = Optional.ofNullable(ours.get("target")).orElseGet(() -> recognised(name, query));
        YamlNode objectives = spec.required("objectives");
        if (objectives.items().size() != 1) {
            throw objectives.error("must be one, are " + objectives.items().size());
        }
        YamlNode only = objectives.items().getFirst();
        YamlMapping objective = only.mapping();
        return Optional.of(new OpenSloDocument(
                ours.getOrDefault("slo", name.text().replaceFirst("-" + target + "$", "")),
                target,
                bound(ours, only, objective, query),
                percentile(spec, only, objective),
                objective
                        .optional("target")
                        .map(share -> share.number(0, 1) * 100)
                        .or(() -> objective.optional("targetPercent").map(share -> share.number(0, 100)))
                        .orElseThrow(() -> only.error("needs target or targetPercent")),
                window(spec.required("timeWindow")),
                ours));
    }

    private static Map<String, String> annotations(YamlMapping metadata) {
        Map<String, String> ours = new LinkedHashMap<>();
        metadata.optional("annotations")
                .map(node -> node.mapping().rest())
                .orElse(Map.of())
                .forEach((key, value) -> {
                    if (key.startsWith(OpenSloExport.PREFIX)) {
                        ours.put(key.substring(OpenSloExport.PREFIX.length()), value.scalarText());
                    }
                });
        return ours;
    }

    /** Every query below an indicator, wherever its kind of metric has them. */
    private static List<String> queries(YamlNode indicator) {
        YamlMapping spec = indicator.mapping().required("spec").mapping();
        return spec.rest().values().stream()
                .flatMap(metric -> texts(metric).stream())
                .toList();
    }

    private static List<String> texts(YamlNode node) {
        return node.isMapping()
                ? node.mapping().rest().values().stream()
                        .flatMap(value -> texts(value).stream())
                        .toList()
                : List.of(node.scalarText());
    }

    private static String recognised(YamlNode name, String query) {
        boolean ttft = TTFT.matcher(query).find();
        boolean tpot = TPOT.matcher(query).find();
        if (ttft == tpot) {
            throw name.error("is of no latency that is known by its query: annotate it with " + OpenSloExport.PREFIX
                    + "target: ttft or tpot");
        }
        return ttft ? "ttft" : "tpot";
    }

    private static double bound(Map<String, String> ours, YamlNode only, YamlMapping objective, String query) {
        Optional<YamlNode> value = objective.optional("value");
        String ms = ours.get("ms");
        if (value.isEmpty()) {
            if (ms == null) {
                throw only.error("needs op and value, or the annotation " + OpenSloExport.PREFIX + "ms");
            }
            try {
                return Double.parseDouble(ms);
            } catch (NumberFormatException e) {
                throw only.error(
                        "is annotated with " + OpenSloExport.PREFIX + "ms, which must be a number, is '" + ms + "'");
            }
        }
        YamlNode op = objective.required("op");
        if (!op.text().equals("lte") && !op.text().equals("lt")) {
            throw op.error("must be lte or lt for a latency, is '" + op.text() + "'");
        }
        String unit =
                ours.getOrDefault("unit", query.contains("seconds") && !query.contains("milliseconds") ? "s" : "");
        double number = value.get().number(0, 1e9);
        return switch (unit) {
            case "s" -> number * 1e3;
            case "ms" -> number;
            default ->
                throw value.get()
                        .error("has no unit: annotate the document with " + OpenSloExport.PREFIX + "unit: s or ms");
        };
    }

    private static double percentile(YamlMapping spec, YamlNode only, YamlMapping objective) {
        YamlNode method = spec.required("budgetingMethod");
        return switch (method.text()) {
            case "Occurrences" -> 0;
            case "Timeslices" -> {
                YamlNode window = objective.required("timeSliceWindow");
                if (!window.scalarText().equals("1m") && !window.scalarText().equals("1")) {
                    throw window.error("must be 1m, is " + window.scalarText());
                }
                yield objective.required("timeSliceTarget").number(0, 1) * 100;
            }
            default -> throw method.error("must be Occurrences or Timeslices, is '" + method.text() + "'");
        };
    }

    private static String window(YamlNode windows) {
        YamlNode only = windows.items().getFirst();
        YamlMapping window = only.mapping();
        YamlNode duration = window.required("duration");
        Matcher parts = WINDOW.matcher(duration.text());
        if (!parts.matches()
                || !window.optional("isRolling").map(YamlNode::bool).orElse(false)) {
            throw only.error("must be rolling and of hours, days or weeks, is " + duration.text());
        }
        return parts.group(2).equals("w") ? 7 * Long.parseLong(parts.group(1)) + "d" : duration.text();
    }
}
