package dev.presage.store.cli;

import dev.presage.store.mlflow.MlflowMirror;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.service.Webhooks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who is told of what happens in a store, besides Kafka. Filled by picocli on the main thread. */
final class TellOptions {
    @Option(
            names = "--webhook",
            paramLabel = "URL",
            description = "Told of each alias that moves; may be given more than once.")
    private List<URI> webhooks = new ArrayList<>();

    @Option(
            names = "--webhook-secret-file",
            paramLabel = "FILE",
            description = "File with the key that webhook messages are signed with (HMAC-SHA256).")
    private @Nullable Path webhookSecretFile;

    @Option(
            names = "--mlflow",
            paramLabel = "URL",
            description = "An MLflow server, whose registry is kept like this store: versions, metrics and aliases.")
    private @Nullable URI mlflow;

    @Option(
            names = "--mlflow-token-file",
            paramLabel = "FILE",
            description = "File with a bearer token, or USER:PASSWORD, for MLflow.")
    private @Nullable Path mlflowTokenFile;

    Webhooks webhooks() throws IOException {
        return Webhooks.start(webhooks, secret(webhookSecretFile));
    }

    /** Null without {@code --mlflow}. */
    @Nullable
    MlflowMirror mirror(ModelRegistry registry, URI store) throws IOException {
        return mlflow == null ? null : MlflowMirror.start(mlflow, secret(mlflowTokenFile), registry, store);
    }

    private static Optional<String> secret(@Nullable Path file) throws IOException {
        return file == null
                ? Optional.empty()
                : Optional.of(Files.readString(file).strip());
    }
}
