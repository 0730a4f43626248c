package dev.presage.router.epp;

import dev.presage.cli.Subcommand;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage bbr}: serves until the process is told to stop, then drains. */
@Command(
        name = "bbr",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Puts the model of a request's body into headers that a gateway can route on.")
public final class BbrCommand implements Subcommand {
    private static final Logger LOG = LoggerFactory.getLogger(BbrCommand.class);

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private BbrFlags flags = new BbrFlags();

    @Override
    public Integer call() throws Exception {
        if (!flags.unusedValues.isEmpty()) {
            LOG.warn("accepted without effect: {}", flags.unusedValues);
        }
        check();
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

    private void check() {
        CommandSpec own = spec;
        try {
            Tls.check(flags);
        } catch (IllegalArgumentException e) {
            throw own == null ? e : new ParameterException(own.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
