package dev.presage.router.plugin.report;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.presage.router.observe.Usage;
import dev.presage.router.yaml.YamlNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A CEL expression over the variable {@code usage}, what the engine counted: {@code prompt_tokens}, {@code completion_tokens}, {@code
 * total_tokens} and {@code prompt_tokens_details.cached_tokens}, each only where it said so. Thread-safe.
 */
final class UsageExpression {
    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("usage", MapType.create(SimpleType.STRING, SimpleType.DYN))
            .build();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.standardCelRuntimeBuilder().build();

    private final CelRuntime.Program program;

    private UsageExpression(CelRuntime.Program program) {
        this.program = program;
    }

    /** Compiles the text of a node; its errors name the line. */
    static UsageExpression read(YamlNode node, CelType type) {
        try {
            CelAbstractSyntaxTree tree = COMPILER.compile(node.text().strip()).getAst();
            if (!tree.getResultType().equals(type) && !tree.getResultType().equals(SimpleType.DYN)) {
                throw node.error("must be of type " + type.name() + ", is of type "
                        + tree.getResultType().name());
            }
            return new UsageExpression(RUNTIME.createProgram(tree));
        } catch (CelValidationException | CelEvaluationException e) {
            throw node.error("is no expression: " + e.getMessage());
        }
    }

    /** The value where it is of the type, and no failure: a usage without what the expression reads has none. */
    <T> Optional<T> of(Usage usage, Class<T> type) {
        try {
            Object value = program.eval(Map.of("usage", variables(usage)));
            return type.isInstance(value) ? Optional.of(type.cast(value)) : Optional.empty();
        } catch (CelEvaluationException e) {
            return Optional.empty();
        }
    }

    private static Map<String, Object> variables(Usage usage) {
        Map<String, Object> variables = new HashMap<>();
        if (usage.promptTokens() >= 0) {
            variables.put("prompt_tokens", (long) usage.promptTokens());
        }
        if (usage.outputTokens() >= 0) {
            variables.put("completion_tokens", (long) usage.outputTokens());
        }
        if (usage.promptTokens() >= 0 && usage.outputTokens() >= 0) {
            variables.put("total_tokens", (long) usage.promptTokens() + usage.outputTokens());
        }
        if (usage.cachedTokens() >= 0) {
            variables.put("prompt_tokens_details", Map.of("cached_tokens", (long) usage.cachedTokens()));
        }
        return variables;
    }
}
