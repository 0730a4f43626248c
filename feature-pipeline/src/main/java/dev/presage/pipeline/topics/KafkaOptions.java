package dev.presage.pipeline.topics;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The command line options that say which Kafka to use; a subcommand takes them as a picocli {@code @Mixin}. Filled by
 * picocli on the main thread.
 */
public final class KafkaOptions {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka's bootstrap servers (default: ${DEFAULT-VALUE}).",
            defaultValue = "127.0.0.1:9092")
    private String bootstrapServers = "127.0.0.1:9092";

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties file with further client settings (SASL, TLS, ...).")
    private @Nullable Path file;

    /** The connection that the options describe. */
    public KafkaConnection connection() {
        KafkaConnection connection = KafkaConnection.to(bootstrapServers);
        return file == null ? connection : connection.withFile(file);
    }
}
