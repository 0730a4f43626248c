package dev.presage.store.cli;

import dev.presage.store.bundle.StoreJson;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all {@code presage models} subcommands share: the store's options, two forms of output, refusals as one line and exit code 1. */
abstract class ModelsSubcommand implements Callable<Integer> {
    enum Output {
        table,
        json
    }

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    final RegistryOptions registry = new RegistryOptions();

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Output output = Output.table;

    @Override
    public final Integer call() {
        try {
            return registry.with(this::run);
        } catch (FileSystemException e) {
            return failed(e.getFile() + ": " + problem(e));
        } catch (RefusedException | IOException | IllegalArgumentException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private int failed(String message) {
        spec().commandLine().getErr().println("presage models: " + message);
        return 1;
    }

    private static String problem(FileSystemException e) {
        return switch (e) {
            case FileAlreadyExistsException _ -> "already exists";
            case NoSuchFileException _ -> "no such file";
            default -> String.valueOf(e.getReason());
        };
    }

    abstract int run(ModelRegistry store) throws IOException;

    PrintWriter out() {
        return spec().commandLine().getOut();
    }

    void printJson(Object value) {
        out().println(new String(StoreJson.writeIndented(value), StandardCharsets.UTF_8));
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("run outside picocli");
        }
        return spec;
    }
}
