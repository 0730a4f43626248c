package dev.presage.router.plugin.report;

import dev.cel.common.types.SimpleType;
import dev.presage.router.observe.Usage;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.ReplyPlugin;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.List;
import java.util.Optional;

/** Tells the gateway numbers that are computed from what the engine counted, such as what a request cost. */
record AttributeReporter(List<Reported> reported) implements ReplyPlugin {
    private static final String NAMESPACE = "envoy.lb";

    /** One number; without a condition it is always told. */
    record Reported(String namespace, String name, UsageExpression expression, Optional<UsageExpression> condition) {
        Optional<Attribute> of(Usage usage) {
            boolean wanted =
                    condition.flatMap(test -> test.of(usage, Boolean.class)).orElse(condition.isEmpty());
            return wanted
                    ? expression.of(usage, Long.class).map(value -> new Attribute(namespace, name, value))
                    : Optional.empty();
        }
    }

    AttributeReporter {
        reported = List.copyOf(reported);
    }

    static AttributeReporter read(Parameters given) {
        List<Reported> reported = given.optional("attributes").map(YamlNode::items).orElse(List.of()).stream()
                .map(AttributeReporter::reported)
                .toList();
        if (reported.isEmpty()) {
            throw given.error("needs at least one of its parameter attributes");
        }
        return new AttributeReporter(reported);
    }

    private static Reported reported(YamlNode node) {
        YamlMapping fields = node.mapping();
        YamlMapping key = fields.required("key").mapping();
        YamlNode name = key.required("name");
        String namespace = key.optional("namespace")
                .map(YamlNode::text)
                .filter(text -> !text.isEmpty())
                .orElse(NAMESPACE);
        key.finish();
        if (name.text().isBlank()) {
            throw name.error("must not be blank");
        }
        UsageExpression expression = UsageExpression.read(fields.required("expression"), SimpleType.INT);
        Optional<UsageExpression> condition = fields.optional("condition")
                .filter(text -> !text.text().isBlank())
                .map(text -> UsageExpression.read(text, SimpleType.BOOL));
        fields.finish();
        return new Reported(namespace, name.text(), expression, condition);
    }

    @Override
    public List<Attribute> attributes(Usage usage) {
        return reported.stream().flatMap(number -> number.of(usage).stream()).toList();
    }
}
