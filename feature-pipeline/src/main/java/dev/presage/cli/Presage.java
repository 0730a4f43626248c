package dev.presage.cli;

import java.util.ServiceLoader;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of every Presage process. */
@Command(
        name = "presage",
        mixinStandardHelpOptions = true,
        version = "presage 0.1.0",
        description = "An endpoint picker for LLM fleets that predicts latency and learns online.",
        subcommands = {CommandLine.HelpCommand.class, AutoComplete.GenerateCompletion.class})
public final class Presage {
    private Presage() {}

    public static void main(String[] args) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        System.exit(commandLine().execute(args));
    }

    /** The command tree with every subcommand found on the class path. */
    public static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Presage());
        for (Subcommand subcommand : ServiceLoader.load(Subcommand.class)) {
            root.addSubcommand(subcommand);
        }
        return root;
    }
}
