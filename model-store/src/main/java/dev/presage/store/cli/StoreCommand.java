package dev.presage.store.cli;

import dev.presage.cli.Subcommand;
import dev.presage.cli.Termination;
import dev.presage.pipeline.topics.KafkaOptions;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.console.Console;
import dev.presage.store.console.RecentRequests;
import dev.presage.store.console.Routers;
import dev.presage.store.mlflow.MlflowMirror;
import dev.presage.store.promotion.GovernedRegistry;
import dev.presage.store.promotion.PolicyFiles;
import dev.presage.store.registry.StoredRegistry;
import dev.presage.store.service.AliasAnnouncer;
import dev.presage.store.service.AliasListener;
import dev.presage.store.service.PromotionWatch;
import dev.presage.store.service.StoreServer;
import dev.presage.store.service.StoreSettings;
import dev.presage.store.service.Webhooks;
import dev.presage.store.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

    @Mixin
    private final PlaceOptions place = new PlaceOptions();

    @Mixin
    private final ListenOptions listen = new ListenOptions();

    @Mixin
    private final AccessOptions access = new AccessOptions();

    @Mixin
    private final TellOptions tell = new TellOptions();

    @Mixin
    private final RouterOptions routers = new RouterOptions();

    @Option(
            names = "--policies",
            paramLabel = "DIR",
            description = "Where promotion policies are, POOL.yaml each (default: policies in --dir).")
    private @Nullable Path policyDirectory;

    @Override
    public Integer call() throws IOException, InterruptedException {
        InstantSource clock = InstantSource.system();
        BundleReader reader = trust.reader();
        PolicyFiles policies =
                new PolicyFiles(policyDirectory == null ? place.directory().resolve("policies") : policyDirectory);
        Optional<ServerTls> tls = listen.tls(place.directory(), clock);
        StoreSettings settings = new StoreSettings(
                listen.address(), listen.port, listen.advertised(), access.access(), tls.map(ServerTls::context));
        try (Termination termination = Termination.install();
                RecentRequests requests = RecentRequests.follow(kafka.connection());
                Routers asked = routers.routers();
                ServerTls certificates = tls.orElse(null);
                StoredRegistry store = place.open(reader, clock);
                AliasAnnouncer announcer = AliasAnnouncer.start(kafka.connection());
                Webhooks hooks = tell.webhooks();
                StoreServer server = serve(
                        settings,
                        new GovernedRegistry(store, policies, reader, clock),
                        announcer.and(hooks),
                        reader,
                        requests,
                        asked);
                MlflowMirror mirror = tell.mirror(store, server.base());
                PromotionWatch watch = PromotionWatch.start(
                        kafka.connection(),
                        store,
                        policies,
                        reader,
                        clock,
                        changed -> server.report(changed.state(), "promotion policy", "by its gates"),
                        Duration.ofSeconds(1))) {
            LOG.info("Model store {} serves at {}, its console at {}/console", store, server.base(), server.base());
            termination.await();
        }
        return 0;
    }

    private static StoreServer serve(
            StoreSettings settings,
            GovernedRegistry governed,
            AliasListener told,
            BundleReader reader,
            RecentRequests requests,
            Routers asked)
            throws IOException {
        InstantSource clock = InstantSource.system();
        return StoreServer.start(
                settings,
                governed,
                told,
                clock,
                Console.pages(governed, reader, requests, asked, settings.access(), clock));
    }
}
