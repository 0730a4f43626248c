package dev.presage.store.cli;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code presage models export}. */
@Command(name = "export", mixinStandardHelpOptions = true, description = "Write a version's archive to a new file.")
final class ExportModel extends ModelsSubcommand {
    @Parameters(index = "0", paramLabel = "BUNDLE", description = "Alias or id.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "Must not exist.")
    private Path file = Path.of("");

    private record Exported(BundleId bundle, String file) {}

    @Override
    int run(ModelRegistry store) throws IOException {
        byte[] archive = StoredBundle.archive(store, registry, name);
        VerifiedBundle bundle = StoredBundle.verified(registry.trust().reader(), archive);
        Files.write(file, archive, StandardOpenOption.CREATE_NEW);
        if (output == Output.json) {
            printJson(new Exported(bundle.id(), file.toString()));
        } else {
            out().println("exported " + bundle.id() + " to " + file);
        }
        return 0;
    }
}
