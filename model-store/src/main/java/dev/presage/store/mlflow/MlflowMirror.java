package dev.presage.store.mlflow;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.VersionEntry;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an MLflow registry like this one: a registered model {@code presage-POOL} for each pool, a version for each bundle with its lineage and
 * metrics as tags, the aliases where they are here. It compares every few seconds and sends what differs, so that whatever was missed while MLflow
 * was away is made up for. A version that is deleted here stays there, with the state {@code deleted}. Owns the thread
 * {@code presage-mlflow}, which ends in {@link #close}.
 */
public final class MlflowMirror implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MlflowMirror.class);
    /** MLflow refuses http sources: its server could be made to fetch them. This one names the bundle and leads nowhere. */
    private static final String SCHEME = "presage://";

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Map<String, PoolState> mirrored = new HashMap<>();
    private final MlflowClient client;
    private final ModelRegistry registry;
    private final URI store;
    private final Duration interval;
    private final Thread thread;
    private String problem = "";

    private MlflowMirror(MlflowClient client, ModelRegistry registry, URI store, Duration interval) {
        this.client = client;
        this.registry = registry;
        this.store = store;
        this.interval = interval;
        thread = Thread.ofVirtual().name("presage-mlflow").unstarted(this::run);
    }

    /**
     * Starts mirroring; MLflow need not be there yet.
     *
     * @param mlflow such as {@code https://mlflow:5000}
     * @param secret a bearer token, or {@code USER:PASSWORD}
     * @param store where bundles can be fetched, named as the versions' source
     */
    public static MlflowMirror start(URI mlflow, Optional<String> secret, ModelRegistry registry, URI store) {
        return start(mlflow, secret, registry, store, INTERVAL);
    }

    static MlflowMirror start(
            URI mlflow, Optional<String> secret, ModelRegistry registry, URI store, Duration interval) {
        if (mlflow.getHost() == null) {
            throw new IllegalArgumentException("MLflow's address '" + mlflow + "' is not http(s)://host:port");
        }
        MlflowClient client = new MlflowClient(mlflow, secret.map(MlflowMirror::authorization));
        MlflowMirror mirror = new MlflowMirror(client, registry, store, interval);
        mirror.thread.start();
        return mirror;
    }

    private static String authorization(String secret) {
        return secret.contains(":")
                ? "Basic " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8))
                : "Bearer " + secret;
    }

    private void run() {
        try {
            while (true) {
                mirrorAll();
                TimeUnit.NANOSECONDS.sleep(interval.toNanos());
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void mirrorAll() throws InterruptedException {
        try {
            for (String pool : registry.pools()) {
                PoolState state = registry.pool(pool);
                if (!state.equals(mirrored.get(pool))) {
                    mirror(state);
                    mirrored.put(pool, state);
                }
            }
            if (!problem.isEmpty()) {
                LOG.info("MLflow is back and has everything");
            }
            problem = "";
        } catch (IOException | RuntimeException e) {
            if (!problem.equals(e.toString())) {
                LOG.warn("MLflow is not told, trying on: {}", e.toString());
            }
            problem = e.toString();
        }
    }

    private void mirror(PoolState state) throws IOException, InterruptedException {
        String model = "presage-" + state.pool();
        Map<String, String> aliases =
                client.aliases(model, "Latency predictors of pool " + state.pool() + ", mirrored by Presage");
        Map<String, MlflowClient.Version> known = new HashMap<>();
        for (MlflowClient.Version version : client.versions(model)) {
            String bundle = version.tags().get(VersionTags.BUNDLE);
            if (bundle != null) {
                known.putIfAbsent(bundle, version);
            }
        }
        for (VersionEntry version : state.versions()) {
            String bundle = version.bundle().value();
            String path = "/v1/bundles/" + bundle;
            Map<String, String> tags = VersionTags.of(version, store.resolve(path));
            MlflowClient.Version there = known.get(bundle);
            if (there == null) {
                known.put(bundle, client.create(model, SCHEME + store.getRawAuthority() + path, tags));
            } else {
                tag(model, there, tags);
            }
        }
        for (Map.Entry<String, MlflowClient.Version> version : known.entrySet()) {
            if (state.version(BundleId.parse(version.getKey())).isEmpty()) {
                tag(model, version.getValue(), Map.of(VersionTags.STATE, "deleted"));
            }
        }
        for (Alias alias : Alias.values()) {
            String wanted = state.bundle(alias)
                    .map(bundle -> known.get(bundle.value()))
                    .map(MlflowClient.Version::number)
                    .orElse("");
            point(model, alias.key(), aliases.getOrDefault(alias.key(), ""), wanted);
        }
    }

    private void tag(String model, MlflowClient.Version version, Map<String, String> wanted)
            throws IOException, InterruptedException {
        for (Map.Entry<String, String> tag : wanted.entrySet()) {
            if (!tag.getValue().equals(version.tags().get(tag.getKey()))) {
                client.tag(model, version.number(), tag.getKey(), tag.getValue());
            }
        }
    }

    private void point(String model, String alias, String now, String wanted) throws IOException, InterruptedException {
        if (wanted.equals(now)) {
            return;
        }
        if (wanted.isEmpty()) {
            client.unpoint(model, alias);
        } else {
            client.point(model, alias, wanted);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
