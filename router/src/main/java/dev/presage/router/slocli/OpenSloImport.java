package dev.presage.router.slocli;

import dev.presage.router.slo.SloReading;
import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlNode;
import dev.presage.router.yaml.YamlWatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * LatencySLO documents made of OpenSLO v1 ones: those that name the same SLO become its targets, documents of other kinds are
 * passed over.
 *
 * @param text of use only if there are no problems
 */
record OpenSloImport(String text, List<String> problems) {
    static OpenSloImport of(String name, String text) {
        List<String> problems = new ArrayList<>();
        Map<String, Map<String, OpenSloDocument>> targets = new LinkedHashMap<>();
        try {
            for (YamlNode node : YamlNode.parseAll(name, text, SloReading.MAX_CHARACTERS, YamlWatch.NONE)) {
                read(node, targets, problems);
            }
        } catch (InvalidDocumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        String documents =
                targets.values().stream().map(OpenSloImport::document).collect(Collectors.joining("---\n"));
        if (problems.isEmpty()) {
            problems.addAll(SloReading.of("what becomes of " + name, documents).problems());
        }
        return new OpenSloImport(documents, problems);
    }

    private static void read(YamlNode node, Map<String, Map<String, OpenSloDocument>> targets, List<String> problems) {
        try {
            OpenSloDocument.of(node).ifPresent(document -> {
                Map<String, OpenSloDocument> slo =
                        targets.computeIfAbsent(document.slo(), any -> new LinkedHashMap<>());
                if (slo.values().stream()
                        .anyMatch(other -> other.objective() != document.objective()
                                || !other.window().equals(document.window()))) {
                    throw node.error("has another objective or window than the other target of " + document.slo());
                }
                if (slo.put(document.target(), document) != null) {
                    throw node.error("is the second " + document.target() + " target of " + document.slo());
                }
            });
        } catch (InvalidDocumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private static String document(Map<String, OpenSloDocument> targets) {
        OpenSloDocument any = targets.values().iterator().next();
        StringBuilder text = new StringBuilder("""
            apiVersion: presage.dev/v1alpha1
            kind: LatencySLO
            metadata: {name: %s}
            spec:
            """.formatted(SloText.quoted(any.slo())));
        selector(text, any.annotations());
        text.append("  targets:\n");
        targets.forEach((name, target) -> {
            text.append("    ").append(name).append(": {ms: ").append(AlertRules.number(target.ms()));
            if (target.percentile() > 0) {
                text.append(", percentile: ").append(AlertRules.number(target.percentile()));
            }
            text.append("}\n");
        });
        text.append("  objective: ").append(AlertRules.number(any.objective())).append('\n');
        text.append("  window: ").append(any.window()).append('\n');
        optional(text, any, "on-violation", "onViolation");
        optional(text, any, "minimum-requests", "minimumRequests");
        return text.toString();
    }

    private static void selector(StringBuilder text, Map<String, String> annotations) {
        Map<String, String> fields = new LinkedHashMap<>();
        Map<String, String> headers = new LinkedHashMap<>();
        annotations.forEach((key, value) -> {
            if (key.startsWith("selector.headers.")) {
                headers.put(key.substring("selector.headers.".length()), value);
            } else if (key.startsWith("selector.")) {
                fields.put(key.substring("selector.".length()), value);
            }
        });
        if (!fields.isEmpty() || !headers.isEmpty()) {
            text.append("  selector:\n");
            fields.forEach((field, value) -> text.append("    ")
                    .append(field)
                    .append(": ")
                    .append(SloText.quoted(value))
                    .append('\n'));
        }
        if (!headers.isEmpty()) {
            text.append("    headers:\n");
            headers.forEach((header, value) -> text.append("      ")
                    .append(SloText.quoted(header))
                    .append(": ")
                    .append(SloText.quoted(value))
                    .append('\n'));
        }
    }

    private static void optional(StringBuilder text, OpenSloDocument document, String annotation, String field) {
        String value = document.annotations().get(annotation);
        if (value != null) {
            text.append("  ").append(field).append(": ").append(value).append('\n');
        }
    }
}
