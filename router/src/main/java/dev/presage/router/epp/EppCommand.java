package dev.presage.router.epp;

import dev.presage.cli.Subcommand;
import dev.presage.router.yaml.InvalidDocumentException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage epp}: serves until the process is told to stop, then drains. Takes every flag of the contract. */
@Command(
        name = "epp",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Picks endpoints for a gateway (Envoy's external processor).")
public final class EppCommand implements Subcommand {
    private static final Logger LOG = LoggerFactory.getLogger(EppCommand.class);

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServingFlags serving = new ServingFlags();

    @Mixin
    private FleetFlags fleet = new FleetFlags();

    @Mixin
    private ObserveFlags observe = new ObserveFlags();

    @Mixin
    private UnusedFlags unused = new UnusedFlags();

    @Override
    public Integer call() throws Exception {
        CommandSpec own = spec;
        if (own != null) {
            check(own);
        }
        EppServer server = EppServer.start(serving, fleet, observe);
        CountDownLatch drained = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("presage-drain").unstarted(() -> {
                    server.drain(serving.drainTimeout);
                    server.stop(serving.lastStreams);
                    server.close();
                    drained.countDown();
                }));
        drained.await();
        return 0;
    }

    private void check(CommandSpec own) {
        var parsed = own.commandLine().getParseResult();
        List<String> rejected = UnusedFlags.rejected(parsed);
        if (!rejected.isEmpty()) {
            throw new ParameterException(
                    own.commandLine(), rejected.getFirst() + " is no longer supported: use engineConfigs");
        }
        if (fleet.configFile != null && !fleet.configFile.toString().isEmpty() && !fleet.configText.isEmpty()) {
            throw new ParameterException(own.commandLine(), "--config-file and --config-text exclude each other");
        }
        try {
            Tls.check(serving);
            fleet.pool.source();
            fleet.config();
            fleet.checkSlos();
        } catch (InvalidDocumentException | IllegalArgumentException e) {
            throw new ParameterException(own.commandLine(), String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new ParameterException(own.commandLine(), "cannot read the configuration: " + e, e);
        }
        for (String name : UnusedFlags.ignored(parsed)) {
            LOG.warn("{} is accepted but has no effect", name);
        }
        UnusedEnvironment.warnings(System.getenv()).forEach(LOG::warn);
    }
}
