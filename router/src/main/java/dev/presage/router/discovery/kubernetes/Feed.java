package dev.presage.router.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of one kind in one namespace, listed and watched for as long as this is open. After any failure they are listed again
 * with back-off; until then the last known ones stay. Objects are generic, so none that the server sends is unreadable as such.
 */
final class Feed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    private final ApiKind kind;
    private final Runnable changed;
    private final SharedIndexInformer<GenericKubernetesResource> informer;
    private volatile boolean closed;
    private volatile boolean tried;
    private volatile String failure = "";

    /** Which objects of the kind are of interest. */
    sealed interface Selection {
        record All() implements Selection {}

        record Named(String name) implements Selection {}

        record Labelled(String key, String value) implements Selection {}
    }

    private Feed(KubernetesClient client, ApiKind kind, String namespace, Selection selection, Runnable changed) {
        this.kind = kind;
        this.changed = changed;
        var all = client.genericKubernetesResources(kind.context()).inNamespace(namespace);
        informer = switch (selection) {
            case Selection.All _ -> all.runnableInformer(0);
            case Selection.Named named ->
                all.withField("metadata.name", named.name()).runnableInformer(0);
            case Selection.Labelled label ->
                all.withLabel(label.key(), label.value()).runnableInformer(0);
        };
        informer.itemStore(new Trimmed(kind));
        informer.addEventHandler(new Changes(changed));
        informer.exceptionHandler((started, cause) -> {
            failed(cause);
            return true;
        });
    }

    /**
     * Opens the feed; returns before anything is known.
     *
     * @param changed called after every change, on a thread of the client; must return at once
     */
    static Feed open(KubernetesClient client, ApiKind kind, String namespace, Selection selection, Runnable changed) {
        Feed feed = new Feed(client, kind, namespace, selection, changed);
        feed.informer.start().whenComplete((done, cause) -> changed.run());
        return feed;
    }

    ApiKind kind() {
        return kind;
    }

    /** The objects as last known; empty before the first list. */
    List<GenericKubernetesResource> objects() {
        return informer.getStore().list();
    }

    /** Whether the objects were listed at least once. */
    boolean synced() {
        return informer.hasSynced();
    }

    /** Whether they were, or the server has refused to. */
    boolean settled() {
        return tried || synced();
    }

    private void failed(Throwable cause) {
        if (closed) {
            return;
        }
        tried = true;
        String reason = rootMessage(cause);
        if (!reason.equals(failure)) {
            LOG.warn("cannot follow {}, keeps what is known and tries again: {}", kind.plural(), reason);
            failure = reason;
        }
        changed.run();
    }

    /** Says that a failure is over. */
    void report() {
        if (!failure.isEmpty() && informer.isWatching()) {
            LOG.info("follows {} again", kind.plural());
            failure = "";
        }
    }

    private static String rootMessage(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    @Override
    public void close() {
        closed = true;
        informer.stop();
    }

    private record Changes(Runnable changed) implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onNothing() {
            changed.run();
        }

        @Override
        public void onAdd(GenericKubernetesResource object) {
            changed.run();
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
            changed.run();
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean stateUnknown) {
            changed.run();
        }
    }

    /** Keeps what is read of an object: a pod's spec is most of its bytes and says nothing here. */
    private static final class Trimmed extends BasicItemStore<GenericKubernetesResource> {
        private final boolean pods;

        Trimmed(ApiKind kind) {
            super(Trimmed::key);
            pods = kind.equals(ApiKind.POD);
        }

        private static String key(GenericKubernetesResource object) {
            ObjectMeta metadata = object.getMetadata();
            return metadata == null ? "" : metadata.getNamespace() + "/" + metadata.getName();
        }

        @Override
        public @Nullable GenericKubernetesResource put(String key, GenericKubernetesResource object) {
            if (pods) {
                object.getAdditionalProperties().remove("spec");
            }
            if (object.getMetadata() != null) {
                object.getMetadata().setManagedFields(List.of());
            }
            return super.put(key, object);
        }
    }
}
