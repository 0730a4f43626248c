package dev.presage.store.cli;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PublishOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code presage models import}: the pool is the one that the bundle names. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Publish an archive from a file as a candidate.")
final class ImportModel extends ModelsSubcommand {
    @Parameters(paramLabel = "FILE", description = "A bundle archive.")
    private Path file = Path.of("");

    @Override
    int run(ModelRegistry store) throws IOException {
        byte[] archive;
        try (InputStream in = Files.newInputStream(file)) {
            archive = in.readNBytes(BundleArchive.MAX_BYTES + 1);
        }
        VerifiedBundle bundle = StoredBundle.verified(registry.trust().reader(), archive);
        String pool = bundle.manifest().card().pool();
        return switch (store.publish(pool, archive, System.getProperty("user.name", "unknown"))) {
            case PublishOutcome.Published published -> {
                if (output == Output.json) {
                    printJson(published);
                } else {
                    String what = published.created() ? "imported " : "already there: ";
                    out().println(what + published.bundle() + " in pool " + pool);
                }
                yield 0;
            }
            case PublishOutcome.Refused refused ->
                throw new RefusedException("refused (" + refused.code() + "): " + refused.message());
        };
    }
}
