package dev.presage.router.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Everything that is followed for one pool. Opened and closed by the owner, read from any thread. */
final class Feeds implements AutoCloseable {
    private final KubernetesClient client;
    private final KubernetesSettings settings;
    private final Runnable changed;
    private final FollowedKind pods;
    private final FollowedKind pools;
    private final FollowedKind objectives;
    private final FollowedKind rewrites;
    private final FollowedKind models;

    Feeds(KubernetesClient client, KubernetesSettings settings, Runnable changed) {
        this.client = client;
        this.settings = settings;
        this.changed = changed;
        pods = all(List.of(ApiKind.POD));
        pools = new FollowedKind(
                settings.pool() instanceof PoolSource.Named named ? named.kinds() : List.of(),
                kind -> Feed.open(
                        client,
                        kind,
                        settings.namespace(),
                        new Feed.Selection.Named(settings.pool().name()),
                        changed));
        objectives = all(ApiKind.OBJECTIVES);
        rewrites = all(ApiKind.REWRITES);
        models = all(List.of(ApiKind.OLD_MODEL));
    }

    private FollowedKind all(List<ApiKind> kinds) {
        return new FollowedKind(
                kinds, kind -> Feed.open(client, kind, settings.namespace(), new Feed.Selection.All(), changed));
    }

    private List<FollowedKind> custom() {
        return List.of(pools, objectives, rewrites, models);
    }

    /** Pods are always served, so they need no question first. */
    void openPods() {
        pods.discover(kind -> true);
    }

    /**
     * Asks what is served and follows the best of it.
     *
     * @throws KubernetesClientException if the server does not answer
     */
    void discover() {
        Set<ApiKind> candidates = new HashSet<>();
        custom().forEach(followed -> candidates.addAll(followed.byPreference()));
        Set<ApiKind> served = ServedKinds.ask(client, candidates).kinds();
        custom().forEach(followed -> followed.discover(served::contains));
        pods.discover(kind -> true);
    }

    /** The pods, once they were listed. */
    Optional<List<GenericKubernetesResource>> pods() {
        return pods.synced().map(Feed::objects);
    }

    /** Where the pool object is followed, once it was listed; the object itself may be absent. */
    Optional<Feed> pool() {
        return pools.synced();
    }

    void readObjectives(BiConsumer<ApiKind, List<GenericKubernetesResource>> reader) {
        read(objectives, reader);
    }

    void readRewrites(BiConsumer<ApiKind, List<GenericKubernetesResource>> reader) {
        read(rewrites, reader);
    }

    void readModels(BiConsumer<ApiKind, List<GenericKubernetesResource>> reader) {
        read(models, reader);
    }

    private static void read(FollowedKind followed, BiConsumer<ApiKind, List<GenericKubernetesResource>> reader) {
        followed.synced().ifPresent(feed -> reader.accept(feed.kind(), feed.objects()));
    }

    /** Whether the rules are listed, as far as the server serves them and lets this router read them. */
    boolean rulesSettled() {
        return objectives.settled() && rewrites.settled() && models.settled();
    }

    @Override
    public void close() {
        pods.close();
        custom().forEach(FollowedKind::close);
    }
}
