package dev.presage.pipeline.join;

import dev.presage.cli.Subcommand;
import dev.presage.cli.Termination;
import dev.presage.pipeline.topics.KafkaOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code presage pipeline}: the join, until SIGTERM. */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description = "Join decisions and outcomes into training samples, exactly once.")
public final class PipelineCommand implements Subcommand {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineCommand.class);

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = "presage-data/join",
            description = "Where the join keeps its state between runs (default: ${DEFAULT-VALUE}).")
    private Path stateDirectory = Path.of("presage-data", "join");

    @Option(
            names = "--retention-minutes",
            defaultValue = "60",
            description = "Minutes that a decision waits for its outcome (default: ${DEFAULT-VALUE}).")
    private int retentionMinutes;

    @Option(
            names = "--application-id",
            defaultValue = "presage-join",
            description = "Instances of one id share the work (default: ${DEFAULT-VALUE}).")
    private String applicationId = "presage-join";

    @Option(names = "--threads", defaultValue = "1", description = "Stream threads (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Override
    public Integer call() throws InterruptedException {
        JoinSettings settings = new JoinSettings(
                applicationId,
                stateDirectory,
                Duration.ofMinutes(retentionMinutes),
                threads,
                JoinSettings.Store.ROCKSDB);
        JoinCounts counts = new JoinCounts();
        try (Termination termination = Termination.install()) {
            try (SampleJoin join = SampleJoin.start(kafka.connection(), settings, counts)) {
                termination.await();
            }
            LOG.info("{}", counts);
        }
        return 0;
    }
}
