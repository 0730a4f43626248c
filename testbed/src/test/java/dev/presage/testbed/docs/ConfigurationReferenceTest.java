package dev.presage.testbed.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.cli.Presage;
import dev.presage.router.config.RouterConfig;
import dev.presage.router.plugin.Parameter;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.PluginType;
import dev.presage.store.promotion.PolicyFiles;
import dev.presage.store.promotion.PromotionPolicy;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code deploy/configuration.md} is what the commands themselves say of their flags. */
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
        promotionPolicy(page);
        if (Boolean.getBoolean("presage.update")) {
            Files.writeString(PAGE, page);
        }
        assertEquals(Files.readString(PAGE), page.toString(), "generate it again: -Dpresage.update=true");
    }

    /** The plugin types that an EndpointPickerConfig may name. */
    private static void configurationFile(StringBuilder page) {
        page.append("""

                ## Plugins of the configuration file

                What `plugins` of an `EndpointPickerConfig` may name (`--config-file`, `--config-text`). An unknown type, name or parameter and a value out
                of bounds end the start with line and field. `*`: only with `--allow-experimental-plugins`.

                | type | parameter | takes | default |
                | --- | --- | --- | --- |
                """);
        for (PluginType type : RouterConfig.knownPluginTypes()) {
            String name = "`" + type.name() + "`" + (type.alpha() ? " *" : "");
            List<Parameter> parameters = Parameters.of(type).stream()
                    .filter(parameter -> !parameter.name().equals("*"))
                    .toList();
            if (parameters.isEmpty()) {
                page.append("| %s | | | |\n".formatted(name));
            }
            for (Parameter parameter : parameters) {
                String otherwise = parameter.otherwise().isEmpty() ? "" : "`" + parameter.otherwise() + "`";
                page.append("| %s | `%s` | %s | %s |\n"
                        .formatted(name, parameter.name(), parameter.form().replace("|", "\\|"), otherwise));
                name = "";
            }
        }
    }

    /** The defaults of a pool's promotion policy, as the store takes them for an empty file. */
    private void promotionPolicy(StringBuilder page) throws Exception {
        page.append("""

                ## Fields of a promotion policy

                `POOL.yaml` in the store's `--policies`; what each one means is in [models.md](models.md). A value out of bounds stops promotion with the
                field named.

                | field | default |
                | --- | --- |
                """);
        Files.writeString(directory.resolve("pool.yaml"), "{}");
        PromotionPolicy policy = new PolicyFiles(directory).of("pool").orElseThrow();
        for (RecordComponent field : PromotionPolicy.class.getRecordComponents()) {
            Object value = field.getAccessor().invoke(policy);
            page.append("| `%s` | `%s` |\n"
                    .formatted(
                            field.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT),
                            value.toString().toLowerCase(Locale.ROOT)));
        }
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
