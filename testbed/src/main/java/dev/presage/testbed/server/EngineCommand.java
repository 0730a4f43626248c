package dev.presage.testbed.server;

import dev.presage.cli.Subcommand;
import dev.presage.testbed.engine.AdapterLimits;
import dev.presage.testbed.engine.EngineProfile;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage engine}: runs simulated engines until the process is told to end. */
@Command(
        name = "engine",
        mixinStandardHelpOptions = true,
        description = "Run simulated vLLM-like engines, timed by measured GPU step times.")
public final class EngineCommand implements Subcommand {
    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Option(
            names = "--profile",
            defaultValue = "h100-llama-2-70b-hf-tp8",
            completionCandidates = Profiles.class,
            description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    String profile = "";

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to bind (default: ${DEFAULT-VALUE})")
    String host = "";

    @Option(names = "--port", defaultValue = "8000", description = "First port; 0 for any (default: ${DEFAULT-VALUE})")
    int port;

    @Option(names = "--count", defaultValue = "1", description = "Engines, on consecutive ports, up to 256")
    int count;

    @Option(names = "--model", defaultValue = "sim", description = "Model name (default: ${DEFAULT-VALUE})")
    String model = "";

    @Option(names = "--speedup", defaultValue = "1", description = "Simulated per real milliseconds")
    double speedup;

    @Option(names = "--lora", split = ",", description = "LoRA adapters that it answers to as well, by model name")
    List<String> adapters = List.of();

    @Option(names = "--max-loras", defaultValue = "4", description = "Adapters in memory (default: ${DEFAULT-VALUE})")
    int maxLoras;

    @Option(
            names = "--lora-load-ms",
            defaultValue = "300",
            description = "Milliseconds to load one (default: ${DEFAULT-VALUE})")
    double loraLoadMs;

    @Option(
            names = "--measure",
            description = "Serve nothing: replay the bundled trace in virtual time and print the speed")
    boolean measure;

    /** The names for {@code --profile}. */
    static final class Profiles implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return EngineProfile.names().iterator();
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        EngineServerOptions options = options();
        if (measure) {
            spec.commandLine().getOut().print(SpeedReport.report(options.profile()));
            spec.commandLine().getOut().flush();
            return 0;
        }
        CountDownLatch end = new CountDownLatch(1);
        Deque<EngineServer> servers = new ArrayDeque<>();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("engine-shutdown").unstarted(() -> {
                    synchronized (servers) {
                        servers.forEach(EngineServer::close);
                    }
                    end.countDown();
                }));
        for (int i = 0; i < count; i++) {
            EngineServer server = EngineServer.start(options.withPort(port == 0 ? 0 : port + i));
            synchronized (servers) {
                servers.add(server);
            }
            PrintWriter out = spec.commandLine().getOut();
            out.println("engine http://" + host + ":" + server.port() + " " + profile);
            out.flush();
        }
        end.await();
        return 0;
    }

    private EngineServerOptions options() {
        if (count < 1 || count > 256) {
            throw new ParameterException(spec.commandLine(), "--count must be from 1 to 256, got " + count);
        }
        try {
            return new EngineServerOptions(
                    EngineProfile.named(profile),
                    model,
                    host,
                    port,
                    speedup,
                    EngineServerOptions.DEFAULT_MAX_BODY_BYTES,
                    new ServedAdapters(adapters, new AdapterLimits(maxLoras, loraLoadMs)));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
