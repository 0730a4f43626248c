package dev.presage.store.cli;

import dev.presage.cli.Subcommand;
import dev.presage.cli.Termination;
import dev.presage.pipeline.topics.KafkaOptions;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.service.AliasAnnouncer;
import dev.presage.store.service.StoreAccess;
import dev.presage.store.service.StoreServer;
import dev.presage.store.service.StoreSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code presage store}: the model store, until SIGTERM. */
@Command(
        name = "store",
        mixinStandardHelpOptions = true,
        description = "Serve the model store: bundles and aliases over HTTP, alias moves announced to Kafka.")
public final class StoreCommand implements Subcommand {
    private static final Logger LOG = LoggerFactory.getLogger(StoreCommand.class);

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "presage-data/store",
            description = "Where bundles and aliases are kept (default: ${DEFAULT-VALUE}).")
    private Path directory = Path.of("presage-data", "store");

    @Option(names = "--address", defaultValue = "127.0.0.1", description = "Bind address (default: ${DEFAULT-VALUE}).")
    private String address = "127.0.0.1";

    @Option(
            names = "--port",
            defaultValue = "7070",
            description = "Port; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--advertise-url",
            paramLabel = "URL",
            description = "Where routers fetch bundles from (default: the bound address).")
    private @Nullable URI advertised;

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "" + DirectoryRegistry.KEEP,
            description = "Versions without an alias to keep per pool (default: ${DEFAULT-VALUE}).")
    private int keep;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with the operators' bearer token. Without it, only this machine may publish and promote.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--viewer-token-file",
            paramLabel = "FILE",
            description = "File with the viewers' bearer token. Without it, whoever reaches the store may look.")
    private @Nullable Path viewerTokenFile;

    @Override
    public Integer call() throws IOException, InterruptedException {
        StoreSettings settings =
                new StoreSettings(InetAddress.getByName(address), port, Optional.ofNullable(advertised), access());
        try (Termination termination = Termination.install();
                DirectoryRegistry registry =
                        DirectoryRegistry.open(directory, trust.reader(), keep, InstantSource.system());
                AliasAnnouncer announcer = AliasAnnouncer.start(kafka.connection());
                StoreServer server = StoreServer.start(settings, registry, announcer, InstantSource.system())) {
            LOG.info("Model store {} serves at {}", directory, server.base());
            termination.await();
        }
        return 0;
    }

    private StoreAccess access() throws IOException {
        Optional<String> viewers = viewerTokenFile == null
                ? Optional.empty()
                : Optional.of(Files.readString(viewerTokenFile).strip());
        if (tokenFile == null) {
            if (viewers.isPresent()) {
                throw new IllegalArgumentException("--viewer-token-file needs --token-file");
            }
            return new StoreAccess.LoopbackOnly();
        }
        return new StoreAccess.Tokens(Files.readString(tokenFile).strip(), viewers);
    }
}
