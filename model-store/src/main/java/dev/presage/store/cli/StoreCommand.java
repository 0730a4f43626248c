package dev.presage.store.cli;

import dev.presage.cli.Subcommand;
import dev.presage.cli.Termination;
import dev.presage.pipeline.topics.KafkaOptions;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.console.Console;
import dev.presage.store.console.RecentRequests;
import dev.presage.store.console.Routers;
import dev.presage.store.promotion.GovernedRegistry;
import dev.presage.store.promotion.PolicyFiles;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.service.AliasAnnouncer;
import dev.presage.store.service.AliasListener;
import dev.presage.store.service.PromotionWatch;
import dev.presage.store.service.StoreAccess;
import dev.presage.store.service.StoreServer;
import dev.presage.store.service.StoreSettings;
import dev.presage.store.service.Webhooks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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
            names = "--policies",
            paramLabel = "DIR",
            description = "Where promotion policies are, POOL.yaml each (default: policies in --dir).")
    private @Nullable Path policyDirectory;

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
            names = "--viewer-token-file",
            paramLabel = "FILE",
            description = "File with the viewers' bearer token. Without it, whoever reaches the store may look.")
    private @Nullable Path viewerTokenFile;

    @Option(
            names = "--router",
            paramLabel = "URL",
            description =
                    "A router's metrics port, which the console asks for its health and latency objectives; may be"
                            + " given more than once.")
    private List<URI> routers = new ArrayList<>();

    @Option(
            names = "--router-token-file",
            paramLabel = "FILE",
            description = "File with the bearer token that routers ask for on their metrics ports.")
    private @Nullable Path routerTokenFile;

    @Override
    public Integer call() throws IOException, InterruptedException {
        StoreSettings settings =
                new StoreSettings(InetAddress.getByName(address), port, Optional.ofNullable(advertised), access());
        BundleReader reader = trust.reader();
        PolicyFiles policies =
                new PolicyFiles(policyDirectory == null ? directory.resolve("policies") : policyDirectory);
        try (Termination termination = Termination.install();
                RecentRequests requests = RecentRequests.follow(kafka.connection());
                Routers asked = new Routers(routers, secret(routerTokenFile));
                DirectoryRegistry registry = DirectoryRegistry.open(directory, reader, keep, InstantSource.system());
                AliasAnnouncer announcer = AliasAnnouncer.start(kafka.connection());
                Webhooks hooks = Webhooks.start(webhooks, secret(webhookSecretFile));
                StoreServer server =
                        serve(settings, registry, policies, reader, announcer.and(hooks), requests, asked);
                PromotionWatch watch = PromotionWatch.start(
                        kafka.connection(),
                        registry,
                        policies,
                        reader,
                        InstantSource.system(),
                        changed -> server.report(changed.state(), "promotion policy", "by its gates"),
                        Duration.ofSeconds(1))) {
            LOG.info("Model store {} serves at {}, its console at {}/console", directory, server.base(), server.base());
            termination.await();
        }
        return 0;
    }

    private static StoreServer serve(
            StoreSettings settings,
            DirectoryRegistry registry,
            PolicyFiles policies,
            BundleReader reader,
            AliasListener told,
            RecentRequests requests,
            Routers asked)
            throws IOException {
        InstantSource clock = InstantSource.system();
        GovernedRegistry governed = new GovernedRegistry(registry, policies, reader, clock);
        return StoreServer.start(
                settings,
                governed,
                told,
                clock,
                Console.pages(governed, reader, requests, asked, settings.access(), clock));
    }

    private static Optional<String> secret(@Nullable Path file) throws IOException {
        return file == null
                ? Optional.empty()
                : Optional.of(Files.readString(file).strip());
    }

    private StoreAccess access() throws IOException {
        Optional<String> viewers = secret(viewerTokenFile);
        if (tokenFile == null) {
            if (viewers.isPresent()) {
                throw new IllegalArgumentException("--viewer-token-file needs --token-file");
            }
            return new StoreAccess.LoopbackOnly();
        }
        return new StoreAccess.Tokens(Files.readString(tokenFile).strip(), viewers);
    }
}
