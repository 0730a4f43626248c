package dev.presage.testbed.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.presage.cli.Presage;
import dev.presage.router.config.RouterConfig;
import dev.presage.router.plugin.Parameter;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.PluginType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code deploy/configuration.md} is what the commands themselves say of their flags, and the readers of their documents. */
class ConfigurationReferenceTest {
    private static final int MEBI = 1 << 20;
    private static final Path PAGE = Path.of("").toAbsolutePath().getParent().resolve("deploy/configuration.md");
    private static final List<String> COMMANDS = List.of("epp", "bbr", "store", "pipeline", "train", "broker");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void thePageIsWhatTheCommandsSay() throws Exception {
        StringBuilder page = new StringBuilder("""
            # Every flag, plugin and field

            Generated from the code; `mvn -pl testbed -am test -Dtest=ConfigurationReferenceTest -Dpresage.update=true` writes it anew. An
            unknown flag or a bad value ends the start with a message that names it. Secrets are given as files: `--token-file`, `--kafka-config`
            and `--kafka-properties` (client properties: SASL, TLS), `--cert-path`. Traces: the `OTEL_` variables of
            [router/README.md](../router/README.md), which also shows the configuration file as a whole and what its parts do.
            """);
        CommandLine presage = Presage.commandLine().setInterpolateVariables(false); // the same on every machine
        for (String name : COMMANDS) {
            CommandLine command = presage.getSubcommands().get(name);
            page.append("\n## presage %s\n\n%s\n\n| flag | default | |\n| --- | --- | --- |\n"
                    .formatted(
                            name,
                            String.join(
                                    " ", command.getCommandSpec().usageMessage().description())));
            // The order of fields that reflection gives is not the same on every machine.
            command.getCommandSpec().options().stream()
                    .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp())
                    .sorted(Comparator.comparing(OptionSpec::longestName))
                    .map(ConfigurationReferenceTest::row)
                    .forEach(page::append);
        }
        configurationFile(page);
        latencyTargets(page);
        promotionPolicy(page);
        if (Boolean.getBoolean("presage.update")) {
            Files.writeString(PAGE, page);
        }
        assertEquals(Files.readString(PAGE), page.toString(), "generate it again: -Dpresage.update=true");
    }

    /** The sections of an EndpointPickerConfig, and the plugin types that it may name. */
    private static void configurationFile(StringBuilder page) throws IOException {
        Map<String, KnownFields.Field> fields =
                KnownFields.of(KnownFields.configurations()).given();
        List<String> types =
                RouterConfig.knownPluginTypes().stream().map(PluginType::name).toList();
        page.append("""

            ## The configuration file

            An `EndpointPickerConfig` (`--config-file`, `--config-text`). An unknown type, name or field and a value out of bounds end the start with
            line and field. `[]` is each item of a list.

            | field | takes | default |
            | --- | --- | --- |
            """);
        fields.forEach((name, field) -> {
            if (!types.contains(name.replaceAll("[.\\[].*", ""))) {
                page.append(row(name, field));
            }
        });
        page.append("""

            ## Its plugins

            `*`: only with `--allow-experimental-plugins`.

            | type | parameter | takes | default |
            | --- | --- | --- | --- |
            """);
        for (PluginType type : RouterConfig.knownPluginTypes()) {
            page.append(pluginRows(type, fields));
        }
    }

    private static String pluginRows(PluginType type, Map<String, KnownFields.Field> fields) {
        String name = "`" + type.name() + "`" + (type.alpha() ? " *" : "");
        List<String> rows = new ArrayList<>();
        for (Parameter parameter : Parameters.of(type)) {
            String path = type.name() + "." + parameter.name();
            if (!parameter.form().isEmpty() && !parameter.name().equals("*")) {
                String otherwise = parameter.otherwise().isEmpty() ? "" : "`" + parameter.otherwise() + "`";
                rows.add("`%s` | %s | %s".formatted(parameter.name(), parameter.form(), otherwise));
            } else if (!parameter.name().equals("*")) {
                List<String> read = fields.keySet().stream()
                        .filter(field ->
                                field.equals(path) || field.startsWith(path + ".") || field.startsWith(path + "["))
                        .toList();
                assertFalse(read.isEmpty(), path + " is to be in every-field.yaml");
                read.forEach(field -> rows.add(row(field, Objects.requireNonNull(fields.get(field)))
                        .replace("| `" + type.name() + ".", "`")
                        .replaceAll(" \\|\n$", "")));
            }
        }
        if (rows.isEmpty()) {
            return "| %s | | | |\n".formatted(name);
        }
        return "| " + name + " | " + String.join(" |\n|  | ", rows) + " |\n";
    }

    private static String row(String name, KnownFields.Field field) {
        Set<String> forms = new LinkedHashSet<>(field.forms());
        boolean required = forms.remove("required");
        if (forms.size() > 1) {
            forms.remove("text");
        }
        String form = forms.isEmpty() ? "anything: not looked at" : String.join("; ", forms);
        String defaults = field.defaults().isEmpty() ? "" : "`" + String.join("` `", field.defaults()) + "`";
        return "| `%s` | %s%s | %s |\n".formatted(name, form, required ? "; required" : "", defaults);
    }

    private static void latencyTargets(StringBuilder page) throws IOException {
        page.append("""

            ## Fields of a LatencySLO

            Of a file (`--slo-file`) and of the [custom resource](crds/latencyslos.presage.dev.yaml), which has the same bounds; what each one means is
            in [router/README.md](../router/README.md). A document with any mistake changes nothing, and every mistake is logged with its field.

            | field | takes | default |
            | --- | --- | --- |
            """);
        KnownFields.of(KnownFields.slos()).given().forEach((name, field) -> page.append(row(name, field)));
    }

    private void promotionPolicy(StringBuilder page) throws Exception {
        page.append("""

            ## Fields of a promotion policy

            `POOL.yaml` in the store's `--policies`; what each one means is in [models.md](models.md). A value out of bounds stops promotion with the
            field named.

            | field | takes | default |
            | --- | --- | --- |
            """);
        page.append(new PromotionFields(directory).rows());
    }

    private static String row(OptionSpec option) {
        String names = "`" + String.join("` `", option.names()) + "`";
        String given = given(option);
        String declared = given.isEmpty() ? "" : "`" + given + "`";
        String meaning = String.join(" ", option.description())
                .replaceAll("\\s*\\((default: )?\\$\\{DEFAULT-VALUE}\\)", "")
                .replace("|", "\\|");
        return "| %s | %s | %s |\n".formatted(names, declared, meaning);
    }

    /** A default that the environment gives is shown as it is declared; one that differs from command to command is the field's. */
    private static String given(OptionSpec option) {
        if (option.defaultValue() != null) {
            return option.defaultValue();
        }
        if (!(option.initialValue() instanceof Integer number) || number == 0) {
            return "";
        }
        return number % MEBI == 0 ? number / MEBI + "Mi" : number.toString();
    }
}
