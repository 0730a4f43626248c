package dev.presage.router.discovery.kubernetes;

import dev.presage.router.discovery.DiscoveryListener;
import dev.presage.router.discovery.SloListener;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.pool.PoolRules;
import dev.presage.router.slo.LatencySlo;
import dev.presage.router.slo.SloBook;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one pool in Kubernetes: publishes its endpoints, offers its rules and says whether both are known. It starts without a
 * server and survives one that goes away; what was published stays until the server says otherwise. One thread reads and publishes
 * and never waits for the server; one asks what kinds are served, one writes statuses. All of them, the watches and the election
 * end with {@link #close}.
 */
public final class KubernetesDiscovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesDiscovery.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    /** Figures of an SLO are written once in so many passes of the writer. */
    private static final int PASSES_BETWEEN_FIGURES = 4;

    private static final String SOURCE = "kubernetes";
    private static final Duration ONLY_WHEN_ASKED = Duration.ofDays(1);

    private final KubernetesSettings settings;
    private final Consumer<List<Endpoint>> publish;
    private final Consumer<Set<String>> adapters;
    private final DiscoveryListener listener;
    private final Complaints complaints;
    private final PodReader podReader;
    private final Feeds feeds;
    private final StatusWriter statuses;
    private final SloObjects sloObjects;
    private final SloStatusWriter sloStatuses;
    private final SloBook slos;
    private final SloListener sloListener;
    private final Election election;
    private final Conflator reading;
    private final Conflator asking;
    private final Conflator writing;

    private volatile @Nullable List<Endpoint> published;
    private volatile @Nullable PoolSpec pool;
    private volatile PoolRules rules = PoolRules.NONE;
    private volatile List<Verdict> verdicts = List.of();
    private volatile boolean discovered;
    private volatile boolean synced;
    /** Whether endpoints are published. Once a router has led it goes on, since it may still serve. */
    private volatile boolean populated;

    // Of the reading thread.
    private List<LatencySlo> inForce = List.of();
    // Of the asking thread.
    private Duration pause = FIRST_PAUSE;
    private String trouble = "";

    private KubernetesDiscovery(
            KubernetesClient client,
            KubernetesSettings settings,
            Consumer<List<Endpoint>> publish,
            Consumer<Set<String>> adapters,
            DiscoveryListener listener,
            SloBook slos,
            SloListener sloListener) {
        this.slos = slos;
        this.sloListener = sloListener;
        this.settings = settings;
        this.publish = publish;
        this.adapters = adapters;
        this.listener = listener;
        populated = settings.warmStandby() || !settings.elects();
        complaints = new Complaints(listener);
        podReader = new PodReader(complaints);
        statuses = new StatusWriter(client, InstantSource.system());
        sloObjects = new SloObjects(complaints);
        sloStatuses = new SloStatusWriter(client, slos, settings.rediscovery().multipliedBy(PASSES_BETWEEN_FIGURES));
        reading = new Conflator("presage-kubernetes", () -> ONLY_WHEN_ASKED, this::read);
        asking = new Conflator("presage-kubernetes-kinds", () -> pause, this::discover);
        writing = new Conflator("presage-kubernetes-status", settings::rediscovery, this::writeStatuses);
        feeds = new Feeds(client, settings, reading::ask);
        election = new Election(client, settings, this::leadChanged);
    }

    /**
     * Starts to follow the pool and returns before anything is known.
     *
     * @param publish receives each new set of endpoints, one call at a time
     * @param adapters receives the names of the LoRA adapters that rules declare, when they change
     * @param listener told of what was published, left out and lost
     * @param slos receives the LatencySLOs
     */
    public static KubernetesDiscovery start(
            ApiClient client,
            KubernetesSettings settings,
            Consumer<List<Endpoint>> publish,
            Consumer<Set<String>> adapters,
            DiscoveryListener listener,
            SloBook slos,
            SloListener sloListener) {
        KubernetesDiscovery discovery =
                new KubernetesDiscovery(client.client(), settings, publish, adapters, listener, slos, sloListener);
        discovery.reading.start();
        discovery.writing.start();
        discovery.feeds.openPods();
        discovery.asking.ask();
        discovery.asking.start();
        if (settings.elects()) {
            discovery.election.compete();
        }
        return discovery;
    }

    /** Whether the pool, its pods and, where the server has them, its rules are known. It stays so while the server is away. */
    public boolean synced() {
        return synced;
    }

    /** Whether this router is the one to take traffic: always, unless routers elect a leader. */
    public boolean leads() {
        return !settings.elects() || election.leads();
    }

    /** What the pool's model servers speak, when the pool says. */
    public Optional<String> appProtocol() {
        PoolSpec known = pool;
        return known == null ? Optional.empty() : known.appProtocol();
    }

    /** The rules as last known. Any thread. */
    public PoolRules rules() {
        return rules;
    }

    private void leadChanged() {
        populated |= leads();
        reading.ask();
        writing.ask();
    }

    /** Gives the lead away at once, for a router that drains. */
    public void resign() {
        election.close();
    }

    /** Everything anew from what the feeds hold, so that no order of events matters. Endpoints first: they matter most. */
    private void read() {
        PoolLookup lookup = PoolLookup.in(feeds, settings.pool(), pool, complaints);
        boolean listed = publish(lookup);
        readRules();
        synced = listed && (synced || discovered && feeds.rulesSettled());
    }

    /** Returns whether what is published is the pool. */
    private boolean publish(PoolLookup lookup) {
        return switch (lookup) {
            case PoolLookup.Unknown _ -> synced;
            case PoolLookup.Absent _ -> {
                pool = null;
                publish(List.of());
                yield false;
            }
            case PoolLookup.Found found -> {
                pool = found.spec();
                if (populated) {
                    feeds.pods().ifPresent(pods -> publish(podReader.endpoints(found.spec(), pods)));
                }
                yield published != null;
            }
        };
    }

    private void publish(List<Endpoint> endpoints) {
        if (!endpoints.equals(published)) {
            published = endpoints;
            publish.accept(endpoints);
            listener.loaded(endpoints.size());
            LOG.info(
                    "{} endpoints from pool {}",
                    endpoints.size(),
                    settings.pool().name());
        }
    }

    private void readRules() {
        String group = feeds.pool()
                .map(feed -> feed.kind().group())
                .orElse(settings.pool().group());
        RulesReader reader = new RulesReader(settings.pool().name(), group, complaints);
        feeds.readObjectives(reader::objectives);
        feeds.readRewrites(reader::rewrites);
        feeds.readModels(reader::models);
        PoolRules read = reader.rules();
        if (!read.adapters().equals(rules.adapters())) {
            adapters.accept(read.adapters());
        }
        rules = read;
        List<Verdict> all = new ArrayList<>(reader.verdicts());
        feeds.readSlos((kind, objects) -> all.addAll(readSlos(kind, objects)));
        if (!all.equals(verdicts)) {
            verdicts = List.copyOf(all);
            writing.ask();
        }
    }

    private List<Verdict> readSlos(ApiKind kind, List<GenericKubernetesResource> objects) {
        SloObjects.Read read = sloObjects.read(kind, objects, settings.pool().name());
        if (!read.slos().equals(inForce)) {
            List<String> problems = slos.replace(SOURCE, read.slos());
            if (problems.isEmpty()) {
                inForce = read.slos();
                sloListener.slosLoaded(inForce.size());
                LOG.info("{} SLOs of pool {}", inForce.size(), settings.pool().name());
            } else {
                String problem = String.join("; ", problems);
                LOG.warn("SLOs stay as they are: {}", problem);
                sloListener.slosRejected(problem);
            }
        }
        return read.verdicts();
    }

    private void writeStatuses() {
        if (leads()) {
            statuses.write(verdicts);
            sloStatuses.write(verdicts);
        }
    }

    private void discover() {
        try {
            feeds.discover();
            discovered = true;
            if (!trouble.isEmpty()) {
                LOG.info("the API server answers again");
                trouble = "";
            }
            pause = settings.rediscovery();
            reading.ask();
        } catch (KubernetesClientException e) {
            String problem = String.valueOf(e.getMessage());
            if (!problem.equals(trouble)) {
                LOG.warn("the API server does not say what it serves; what is known stays: {}", problem);
                trouble = problem;
            }
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(settings.rediscovery()) < 0 ? doubled : settings.rediscovery();
        }
    }

    @Override
    public void close() {
        resign();
        asking.close();
        writing.close();
        reading.close();
        feeds.close();
    }
}
