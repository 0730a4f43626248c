package dev.presage.router.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of the pool itself. */
sealed interface PoolLookup {
    /** Nothing yet: not listed, or only in a form that cannot be read. */
    record Unknown() implements PoolLookup {}

    /** The server has no such pool. */
    record Absent() implements PoolLookup {}

    record Found(PoolSpec spec) implements PoolLookup {}

    /**
     * Looks in what was last listed.
     *
     * @param known the last good definition: a slip in an edit must not take every endpoint away
     */
    static PoolLookup in(Feeds feeds, PoolSource source, @Nullable PoolSpec known, Complaints complaints) {
        return switch (source) {
            case PoolSource.Selected selected -> new Found(selected.pods());
            case PoolSource.Named named -> {
                Optional<Feed> feed = feeds.pool();
                yield feed.isEmpty() ? new Unknown() : in(feed.get(), named.name(), known, complaints);
            }
        };
    }

    private static PoolLookup in(Feed feed, String name, @Nullable PoolSpec known, Complaints complaints) {
        for (GenericKubernetesResource object : feed.objects()) {
            if (object.getMetadata() != null && name.equals(object.getMetadata().getName())) {
                try {
                    return new Found(PoolSpec.read(feed.kind(), object));
                } catch (MalformedObjectException e) {
                    complaints.about(feed.kind(), object, String.valueOf(e.getMessage()));
                    return known == null ? new Unknown() : new Found(known);
                }
            }
        }
        return new Absent();
    }
}
