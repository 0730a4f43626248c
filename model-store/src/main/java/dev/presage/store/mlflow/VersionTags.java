package dev.presage.store.mlflow;

import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.registry.VersionEntry;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A version's lineage and headline as MLflow's tags. */
final class VersionTags {
    static final String BUNDLE = "presage.bundle";
    static final String STATE = "presage.state";

    private VersionTags() {}

    /** @param location where the bundle can be fetched */
    static Map<String, String> of(VersionEntry version, URI location) {
        Map<String, String> tags = new TreeMap<>();
        tags.put(BUNDLE, version.bundle().value());
        tags.put("presage.location", location.toString());
        tags.put(STATE, version.state().name().toLowerCase(Locale.ROOT));
        tags.put(
                "presage.parent",
                version.parent() == null ? "" : version.parent().value());
        tags.put("presage.creator", version.creator());
        tags.put(
                "presage.created_at",
                Instant.ofEpochMilli(version.createdAtMs()).toString());
        tags.put("presage.trained_on", Long.toString(version.trainedOn()));
        tags.put("presage.tags", String.join(" ", version.tags()));
        tags.put("presage.note", version.note());
        accuracy(tags, "presage.ttft.", version.headline().ttft());
        accuracy(tags, "presage.tpot.", version.headline().tpot());
        version.evidence().forEach((kind, digest) -> tags.put("presage.evidence." + kind.key(), digest));
        return tags;
    }

    private static void accuracy(Map<String, String> tags, String prefix, ModelMetrics.Accuracy accuracy) {
        tags.put(prefix + "evaluated", Long.toString(accuracy.count()));
        if (accuracy.count() > 0) {
            tags.put(prefix + "median_ape", figure(accuracy.medianApe()));
            tags.put(prefix + "pinball_ms", figure(accuracy.pinball()));
            tags.put(
                    prefix + "coverage",
                    accuracy.coverage().stream().map(VersionTags::figure).collect(Collectors.joining(" ")));
        }
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
