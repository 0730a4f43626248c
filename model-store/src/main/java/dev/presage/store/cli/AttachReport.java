package dev.presage.store.cli;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.AttachRequest;
import dev.presage.store.registry.EvidenceKind;
import dev.presage.store.registry.EvidenceReport;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code presage models attach}. */
@Command(
        name = "attach",
        mixinStandardHelpOptions = true,
        description = "Attach a run of the policy lab to a version: what presage lab --output json has printed.")
final class AttachReport extends ChangeSubcommand {
    @Parameters(index = "0", paramLabel = "BUNDLE", description = "Alias or id.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "A JSON object of at most 256 KiB.")
    private Path file = Path.of("");

    @Override
    int run(ModelRegistry store) throws IOException {
        PoolState state = store.pool(registry.pool(store));
        BundleId bundle = RegistryOptions.version(state, name);
        return report(store.change(new AttachRequest(state.pool(), bundle, EvidenceKind.LAB, read(), actor, reason)));
    }

    private EvidenceReport read() throws IOException {
        try {
            return new EvidenceReport(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new RefusedException(file + ": no such file");
        } catch (IllegalArgumentException e) {
            throw new RefusedException(file + ": " + e.getMessage());
        }
    }
}
