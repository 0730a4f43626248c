package dev.presage.router.slocli;

import dev.presage.router.slo.LatencySlo;
import dev.presage.router.slo.LatencyTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes SLOs as OpenSLO v1 documents (github.com/OpenSLO/OpenSLO), one per target since OpenSLO has one indicator per SLO: the
 * share of requests within the target, by the router's counters. A percentile is a time slice of a minute in which that share
 * must be within. What OpenSLO has no field for is in annotations, from which {@link OpenSloImport} reads it back.
 */
final class OpenSloExport {
    static final String PREFIX = "presage.dev/";

    private OpenSloExport() {}

    static String of(List<LatencySlo> slos) {
        List<String> documents = new ArrayList<>();
        for (LatencySlo slo : slos) {
            if (slo.ttft().isSet()) {
                documents.add(document(slo, "ttft", slo.ttft()));
            }
            if (slo.tpot().isSet()) {
                documents.add(document(slo, "tpot", slo.tpot()));
            }
        }
        return String.join("---\n", documents);
    }

    private static String document(LatencySlo slo, String target, LatencyTarget bound) {
        String name = slo.name() + "-" + target;
        boolean sliced = bound.percentile() > 0;
        return """
                apiVersion: openslo/v1
                kind: SLO
                metadata:
                  name: %s
                  displayName: %s of %s
                  annotations:
                %sspec:
                  service: %s
                  indicator:
                    metadata:
                      name: %s
                    spec:
                      ratioMetric:
                        counter: true
                        good:
                          metricSource:
                            type: Prometheus
                            spec:
                              query: sum(presage_slo_target_requests_total{slo="%s",target="%s",result="within"})
                        total:
                          metricSource:
                            type: Prometheus
                            spec:
                              query: sum(presage_slo_target_requests_total{slo="%s",target="%s"})
                  timeWindow:
                  - duration: %s
                    isRolling: true
                  budgetingMethod: %s
                  objectives:
                  - displayName: within %s ms
                    target: %s
                %s""".formatted(
                        name,
                        target.equals("ttft") ? "Time to first token" : "Time per output token",
                        slo.name(),
                        annotations(slo, target, bound),
                        slo.selector().pool().isEmpty()
                                ? "llm"
                                : SloText.quoted(slo.selector().pool()),
                        name,
                        slo.name(),
                        target,
                        slo.name(),
                        target,
                        SloText.window(slo.window()),
                        sliced ? "Timeslices" : "Occurrences",
                        AlertRules.number(bound.ms()),
                        AlertRules.number(slo.objective()),
                        sliced
                                ? "    timeSliceTarget: " + AlertRules.number(bound.percentile() / 100)
                                        + "\n    timeSliceWindow: 1m\n"
                                : "");
    }

    private static String annotations(LatencySlo slo, String target, LatencyTarget bound) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("slo", slo.name());
        all.put("target", target);
        all.put("ms", AlertRules.number(bound.ms()));
        SloText.selector(slo.selector()).forEach((field, value) -> all.put("selector." + field, value));
        new TreeMap<>(slo.selector().headers())
                .forEach((header, value) -> all.put("selector.headers." + header, value));
        all.put("on-violation", slo.onViolation().label());
        all.put("minimum-requests", Integer.toString(slo.minimumRequests()));
        StringBuilder text = new StringBuilder();
        all.forEach((key, value) -> text.append("    ")
                .append(SloText.quoted(PREFIX + key))
                .append(": ")
                .append(SloText.quoted(value))
                .append('\n'));
        return text.toString();
    }
}
