package dev.presage.pipeline.broker;

import dev.presage.cli.Subcommand;
import dev.presage.cli.Termination;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code presage broker}: a single-node Kafka with the event log's topics, until SIGTERM. */
@Command(
        name = "broker",
        mixinStandardHelpOptions = true,
        description = "Run a single-node Kafka on 127.0.0.1 that keeps its data.")
public final class BrokerCommand implements Subcommand {
    private static final Duration TOPICS_TIMEOUT = Duration.ofSeconds(30);

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "presage-data/kafka",
            description = "Where topics and records live (default: ${DEFAULT-VALUE}).")
    private Path dataDirectory = Path.of("presage-data", "kafka");

    @Option(
            names = "--port",
            defaultValue = "9092",
            description = "Port on 127.0.0.1, 0 for any (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--retention-hours",
            defaultValue = "24",
            description = "Hours that topics without a bound of their own keep records (default: ${DEFAULT-VALUE}).")
    private int retentionHours;

    @Option(
            names = "--max-partition-mib",
            defaultValue = "512",
            description = "MiB that a partition of such a topic keeps (default: ${DEFAULT-VALUE}).")
    private long maxPartitionMib;

    @Override
    public Integer call() throws InterruptedException {
        var settings = new BrokerSettings(dataDirectory, port, Duration.ofHours(retentionHours), maxPartitionMib << 20);
        try (Termination termination = Termination.install();
                EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
            TopicCreator.createMissing(KafkaConnection.to(broker.bootstrapServers()), TOPICS_TIMEOUT);
            System.out.println(broker.bootstrapServers());
            termination.await();
        } catch (BrokerStartException e) {
            System.err.println("presage broker: " + e.getMessage());
            return 1;
        }
        return 0;
    }
}
