package dev.presage.trainer;

import dev.presage.cli.Subcommand;
import dev.presage.trainer.evaluate.EvaluateCommand;
import picocli.CommandLine.Command;

/** {@code presage train}: learns from the sample log and publishes bundles until it is told to stop. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Learn from the sample log and publish bundles.",
        subcommands = EvaluateCommand.class)
public final class TrainCommand implements Subcommand {
    @Override
    public Integer call() {
        return 0;
    }
}
