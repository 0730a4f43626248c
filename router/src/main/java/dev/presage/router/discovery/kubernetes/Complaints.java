package dev.presage.router.discovery.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.presage.router.discovery.DiscoveryListener;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once per object what is wrong with it, however often it is read, and again when that changes. Thread-safe. */
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);
    private static final int MAX_OBJECTS = 10_000;

    private final DiscoveryListener listener;
    private final Cache<String, String> said =
            Caffeine.newBuilder().maximumSize(MAX_OBJECTS).build();

    Complaints(DiscoveryListener listener) {
        this.listener = listener;
    }

    void about(ApiKind kind, GenericKubernetesResource object, String problem) {
        ObjectMeta metadata = object.getMetadata();
        String name = metadata == null ? "(unnamed)" : metadata.getNamespace() + "/" + metadata.getName();
        String known = said.asMap().put(kind.kind() + " " + name, problem);
        if (!problem.equals(known)) {
            LOG.warn("{} {}: {}", kind.kind(), name, problem);
            listener.rejected(kind.kind() + " " + name + ": " + problem);
        }
    }
}
