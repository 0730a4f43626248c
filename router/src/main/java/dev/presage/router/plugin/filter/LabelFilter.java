package dev.presage.router.plugin.filter;

import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Endpoints whose labels meet every requirement, as a Kubernetes label selector states them. */
record LabelFilter(List<Requirement> requirements) implements Filter {
    private enum Operator {
        IN("In"),
        NOT_IN("NotIn"),
        EXISTS("Exists"),
        DOES_NOT_EXIST("DoesNotExist");

        private final String label;

        Operator(String label) {
            this.label = label;
        }
    }

    /** @param missing whether an endpoint without the label meets it */
    record Requirement(String key, boolean wanted, boolean missing, Set<String> values) {
        /** An empty set of values stands for any value. */
        boolean metBy(Map<String, String> labels) {
            String value = labels.get(key);
            return value == null ? missing : wanted == (values.isEmpty() || values.contains(value));
        }
    }

    /** From {@code matchLabels} and {@code matchExpressions}. */
    static LabelFilter read(Parameters given) {
        List<Requirement> all = new ArrayList<>();
        given.optional("matchLabels").ifPresent(labels -> labels.mapping()
                .rest()
                .forEach((key, value) -> all.add(new Requirement(key, true, false, Set.of(value.scalarText())))));
        for (YamlNode item :
                given.optional("matchExpressions").map(YamlNode::items).orElse(List.of())) {
            all.add(expression(item));
        }
        return new LabelFilter(List.copyOf(all));
    }

    /** From one label, its good values and whether it may be absent; without values none is good. */
    static LabelFilter readValues(Parameters given) {
        String label = given.required("label");
        Set<String> values = new HashSet<>(given.texts("validValues"));
        boolean none = given.flag("allowsNoLabel", false);
        return new LabelFilter(List.of(new Requirement(label, !values.isEmpty(), none, Set.copyOf(values))));
    }

    private static Requirement expression(YamlNode node) {
        YamlMapping fields = node.mapping();
        String key = fields.required("key").text();
        YamlNode operator = fields.required("operator");
        Set<String> values = new HashSet<>();
        fields.optional("values")
                .map(YamlNode::items)
                .orElse(List.of())
                .forEach(value -> values.add(value.scalarText()));
        fields.finish();
        Operator known = operator.choice(List.of(Operator.values()), value -> value.label);
        boolean listed = known == Operator.IN || known == Operator.NOT_IN;
        if (listed == values.isEmpty()) {
            throw operator.error(operator.text() + (listed ? " needs values" : " takes no values"));
        }
        boolean wanted = known == Operator.IN || known == Operator.EXISTS;
        return new Requirement(key, wanted, !wanted, Set.copyOf(values));
    }

    @Override
    public Kept keep(Round round) {
        return Kept.where(round, i -> {
            Map<String, String> labels = round.state(i).endpoint().labels();
            return requirements.stream().allMatch(requirement -> requirement.metBy(labels));
        });
    }
}
