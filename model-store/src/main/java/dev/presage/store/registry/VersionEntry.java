package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.bundle.VerifiedBundle;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A published version as lists show it: its state, the headline of its metrics, and what people and judges attached to it.
 *
 * @param bytes size of the archive
 * @param createdAtMs when the trainer made it, milliseconds since the epoch; versions are kept in the order of publication
 * @param tags sorted; one that has {@link #KEEP} is never deleted
 * @param note free text, may be empty
 * @param evidence digests of the attached reports
 */
public record VersionEntry(
        BundleId bundle,
        LifecycleState state,
        @Nullable BundleId parent,
        long createdAtMs,
        String creator,
        long bytes,
        long trainedOn,
        ModelMetrics.Slice headline,
        List<String> tags,
        String note,
        Map<EvidenceKind, String> evidence) {
    /** The tag that retention respects. */
    public static final String KEEP = "keep";

    private static final Pattern TAG = Pattern.compile("[a-z0-9][a-z0-9._=/-]{0,63}");
    private static final int MAX_TAGS = 20;
    private static final int MAX_NOTE = 900;

    public VersionEntry {
        tags = List.copyOf(tags);
        evidence = Map.copyOf(evidence);
        requireAnnotations(tags, note);
    }

    static VersionEntry candidate(VerifiedBundle bundle, long bytes) {
        ModelCard card = bundle.manifest().card();
        return new VersionEntry(
                bundle.id(),
                LifecycleState.CANDIDATE,
                card.parent(),
                card.createdAtMs(),
                card.creator(),
                bytes,
                card.window().samples(),
                card.metrics().overall(),
                List.of(),
                "",
                Map.of());
    }

    static void requireAnnotations(Collection<String> tags, String note) {
        if (tags.size() > MAX_TAGS) {
            throw new IllegalArgumentException(tags.size() + " tags, at most " + MAX_TAGS + " are kept");
        }
        for (String tag : tags) {
            if (!TAG.matcher(tag).matches()) {
                throw new IllegalArgumentException(
                        "tag '" + tag + "' must be 1..64 of a-z, 0-9 and ._=/- and start with a letter or digit");
            }
        }
        int length = note.codePointCount(0, note.length());
        if (length > MAX_NOTE) {
            throw new IllegalArgumentException("note has " + length + " characters, at most " + MAX_NOTE);
        }
    }

    VersionEntry in(LifecycleState next) {
        return new VersionEntry(
                bundle, next, parent, createdAtMs, creator, bytes, trainedOn, headline, tags, note, evidence);
    }

    VersionEntry annotated(SortedSet<String> nextTags, String nextNote) {
        return new VersionEntry(
                bundle,
                state,
                parent,
                createdAtMs,
                creator,
                bytes,
                trainedOn,
                headline,
                List.copyOf(nextTags),
                nextNote,
                evidence);
    }

    VersionEntry with(EvidenceKind kind, String digest) {
        EnumMap<EvidenceKind, String> next = new EnumMap<>(EvidenceKind.class);
        next.putAll(evidence);
        next.put(kind, digest);
        return new VersionEntry(
                bundle, state, parent, createdAtMs, creator, bytes, trainedOn, headline, tags, note, next);
    }
}
