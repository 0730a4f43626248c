package dev.presage.store.cli;

import dev.presage.cli.Subcommand;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage models ...}: look at versions, move aliases, carry bundles from store to store. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = "List, inspect, compare, promote, roll back, export and import predictors.",
        subcommands = {
            ListModels.class,
            ShowModel.class,
            DiffModels.class,
            ExplainDecision.class,
            VerifyModel.class,
            PromoteModel.class,
            RollbackModel.class,
            RejectModel.class,
            FreezeModels.class,
            TagModel.class,
            AttachReport.class,
            AuditModels.class,
            ExportModel.class,
            ImportModel.class
        })
public final class ModelsCommand implements Subcommand {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("run outside picocli");
        }
        throw new ParameterException(spec.commandLine(), "Missing required subcommand");
    }
}
