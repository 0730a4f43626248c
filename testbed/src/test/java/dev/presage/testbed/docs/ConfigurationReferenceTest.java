package dev.presage.testbed.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.cli.Presage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code deploy/configuration.md} is what the commands themselves say of their flags. */
class ConfigurationReferenceTest {
    private static final int MEBI = 1 << 20;
    private static final Path PAGE = Path.of("").toAbsolutePath().getParent().resolve("deploy/configuration.md");
    private static final List<String> COMMANDS = List.of("epp", "bbr", "store", "pipeline", "train", "broker");

    @Test
    void thePageIsWhatTheCommandsSay() throws Exception {
        StringBuilder page = new StringBuilder("""
                # Every flag

                Generated from the code; `mvn -pl testbed -am test -Dtest=ConfigurationReferenceTest -Dpresage.update=true` writes it anew. An
                unknown flag or a bad value ends the start with a message that names it. Secrets are given as files: `--token-file`, `--kafka-config`
                and `--kafka-properties` (client properties: SASL, TLS), `--cert-path`. Traces: the `OTEL_` variables of
                [router/README.md](../router/README.md). The configuration file of the router is described there too.
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
        if (Boolean.getBoolean("presage.update")) {
            Files.writeString(PAGE, page);
        }
        assertEquals(Files.readString(PAGE), page.toString(), "generate it again: -Dpresage.update=true");
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
