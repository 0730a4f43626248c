package dev.presage.store.cli;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code presage models verify}: every check that a router makes. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Check digests, signature (with --trusted-key), schema and golden rows.")
final class VerifyModel extends ModelsSubcommand {
    @Parameters(paramLabel = "BUNDLE", defaultValue = "champion", description = "Alias or id (default: champion).")
    private String name = "champion";

    private record Verified(BundleId bundle, boolean verified, boolean signed) {}

    @Override
    int run(ModelRegistry store) throws IOException {
        VerifiedBundle bundle =
                StoredBundle.verified(registry.trust().reader(), StoredBundle.archive(store, registry, name));
        if (output == Output.json) {
            printJson(new Verified(bundle.id(), true, bundle.isSigned()));
        } else {
            out().println("verified " + bundle.id() + (bundle.isSigned() ? " (signed)" : " (not signed)"));
        }
        return 0;
    }
}
