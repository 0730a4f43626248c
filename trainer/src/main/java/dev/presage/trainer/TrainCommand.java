package dev.presage.trainer;

import dev.presage.cli.Subcommand;
import dev.presage.cli.Termination;
import dev.presage.pipeline.topics.KafkaOptions;
import dev.presage.pipeline.window.TrainingWindow;
import dev.presage.pipeline.window.WindowLimits;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.cli.ClientOptions;
import dev.presage.store.cli.TrustOptions;
import dev.presage.store.service.StoreClient;
import dev.presage.trainer.evaluate.EvaluateCommand;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainedPredictor;
import dev.presage.trainer.learn.TrainerSettings;
import dev.presage.trainer.service.LearningLoop;
import dev.presage.trainer.service.Predecessor;
import dev.presage.trainer.service.RetrainPolicy;
import dev.presage.trainer.service.Standing;
import dev.presage.trainer.service.TrainerListener;
import dev.presage.trainer.service.TrainerService;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code presage train}: learns from the sample log and publishes bundles until SIGTERM. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Learn from the sample log and publish bundles.",
        subcommands = EvaluateCommand.class)
public final class TrainCommand implements Subcommand {
    private static final Logger LOG = LoggerFactory.getLogger(TrainCommand.class);
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(10);

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--store",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:7070",
            description = "The store server that bundles are published to (default: ${DEFAULT-VALUE}).")
    private URI store = URI.create("http://127.0.0.1:7070");

    @Mixin
    private final ClientOptions access = new ClientOptions();

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    @Option(names = "--pool", defaultValue = "default", description = "Pool to learn (default: ${DEFAULT-VALUE}).")
    private String pool = "default";

    @Option(
            names = "--retrain-interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "Least time between the starts of two trainings; they never take more than half of a core"
                    + " (default: ${DEFAULT-VALUE}).")
    private int retrainSeconds;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Seed of every random draw (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        LearningLoop loop = new LearningLoop(
                new TrainingWindow(WindowLimits.DEFAULT),
                new PredictorTrainer(TrainerSettings.DEFAULT.withSeed(seed)),
                RetrainPolicy.DEFAULT.every(Duration.ofSeconds(retrainSeconds)));
        try (Termination termination = Termination.install();
                StoreClient client = access.client(store, STORE_TIMEOUT);
                TrainerService service = TrainerService.start(
                        kafka.connection(),
                        client,
                        trust.reader(),
                        pool,
                        loop,
                        InstantSource.system(),
                        new LogLines())) {
            LOG.info("learning pool {} for {}", pool, store);
            termination.await();
        }
        return 0;
    }

    /** Says on the log what the trainer does. */
    private static final class LogLines implements TrainerListener {
        @Override
        public void rebuilt(int samples) {
            LOG.info("window rebuilt from the log: {} samples", samples);
        }

        @Override
        public void inherited(Predecessor champion) {
            LOG.info(
                    "going on from {}, learned from {} samples: its work model{}",
                    champion.bundle(),
                    champion.samples(),
                    champion.start().linear().isEmpty()
                            ? "; it has no linear part"
                            : " and its linear part of "
                                    + champion.start().linear().keySet());
        }

        @Override
        public void startedCold(String code, String message) {
            LOG.info("starting from nothing ({}): {}", code, message);
        }

        @Override
        public void heldBack(Standing standing) {
            LOG.info("the champion stays, the window is young: {}", standing);
        }

        @Override
        public void trained(TrainedPredictor predictor) {
            predictor
                    .fits()
                    .forEach((target, fit) -> LOG.info(
                            "trained {} on {} samples: median error {} % on later data with {}",
                            target,
                            predictor.samples(),
                            String.format(
                                    Locale.ROOT,
                                    "%.1f",
                                    100 * fit.evidence().overall().medianError()),
                            fit.evidence().chosen().label()));
        }

        @Override
        public void published(BundleId bundle) {
            LOG.info("champion is now {}", bundle);
        }
    }
}
