package dev.presage.store.cli;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.Verification;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;

/** Fetches a bundle that a person named. */
final class StoredBundle {
    private StoredBundle() {}

    static byte[] archive(ModelRegistry store, RegistryOptions options, String name) throws IOException {
        BundleId id = RegistryOptions.version(store.pool(options.pool(store)), name);
        return store.archive(id).orElseThrow(() -> new RefusedException("the file of bundle " + id + " is gone"));
    }

    static VerifiedBundle verified(BundleReader reader, byte[] archive) {
        return switch (reader.verify(archive)) {
            case VerifiedBundle bundle -> bundle;
            case Verification.Refused refused ->
                throw new RefusedException("refused (" + refused.refusal().code() + "): "
                        + refused.refusal().message());
        };
    }
}
