package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Asks to give a version these tags and this note in place of those that it has. Needs no revision: the last word counts. */
public record AnnotateRequest(
        String pool, BundleId bundle, SortedSet<String> tags, String note, String actor, String reason)
        implements PoolChange {
    public AnnotateRequest {
        ModelCard.requirePool(pool);
        Accountability.require(actor, reason, Map.of());
        tags = new TreeSet<>(tags);
        VersionEntry.requireAnnotations(tags, note);
    }
}
