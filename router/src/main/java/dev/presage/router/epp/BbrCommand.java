package dev.presage.router.epp;

import dev.presage.cli.Subcommand;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code presage bbr}: serves until the process is told to stop, then drains. */
@Command(
        name = "bbr",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Puts the model of a request's body into headers that a gateway can route on.")
public final class BbrCommand implements Subcommand {
    private static final Logger LOG = LoggerFactory.getLogger(BbrCommand.class);

    @Mixin
    private BbrFlags flags = new BbrFlags();

    @Override
    public Integer call() throws Exception {
        if (!flags.unusedValues.isEmpty()) {
            LOG.warn("accepted without effect: {}", flags.unusedValues);
        }
        BbrServer server = BbrServer.start(flags);
        CountDownLatch drained = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("presage-drain").unstarted(() -> {
                    server.drain(flags.drainTimeout);
                    server.close();
                    drained.countDown();
                }));
        drained.await();
        return 0;
    }
}
