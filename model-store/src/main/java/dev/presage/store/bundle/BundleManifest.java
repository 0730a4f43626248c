package dev.presage.store.bundle;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code manifest.json}: everything about a bundle that can be read without evaluating it. Its bytes are what is signed and what the
 * bundle's id is the digest of.
 *
 * @param quantiles levels of the predicted quantiles, ascending
 * @param parts digest and size of every other entry but the signature, by entry name
 */
public record BundleManifest(
        int formatVersion,
        Columns features,
        List<Target> targets,
        List<Double> quantiles,
        ModelCard card,
        Map<String, Digest> parts) {
    /** The version that this code writes and the only one that it reads. */
    public static final int FORMAT = 1;

    public BundleManifest {
        targets = List.copyOf(targets);
        quantiles = List.copyOf(quantiles);
        parts = Map.copyOf(parts);
        if (formatVersion != FORMAT) {
            throw new IllegalArgumentException("bundle format " + formatVersion + " is not the supported " + FORMAT);
        }
        requireAccuracy(card.metrics().overall(), quantiles.size());
        for (ModelMetrics.Slice slice : card.metrics().slices()) {
            requireAccuracy(slice, quantiles.size());
        }
    }

    /** The feature row that the predictor expects. */
    public record Columns(List<String> keys, String hash) {
        public Columns {
            keys = List.copyOf(keys);
        }

        static Columns ofThisBuild() {
            return new Columns(FeatureSchema.keys(), FeatureSchema.HASH);
        }
    }

    /** SHA-256 in hex, and length in bytes. */
    public record Digest(String sha256, long bytes) {}

    static BundleManifest of(ModelCard card, Predictor predictor, Map<Part, byte[]> parts) {
        Map<String, Digest> digests = new TreeMap<>();
        parts.forEach((part, bytes) -> {
            if (part.isDigested()) {
                digests.put(part.entry, new Digest(Sha256.hex(bytes), bytes.length));
            }
        });
        List<Double> quantiles = Arrays.stream(predictor.quantiles()).boxed().toList();
        return new BundleManifest(FORMAT, Columns.ofThisBuild(), List.of(Target.values()), quantiles, card, digests);
    }

    @Nullable
    Digest digest(Part part) {
        return parts.get(part.entry);
    }

    private static void requireAccuracy(ModelMetrics.Slice slice, int levels) {
        for (ModelMetrics.Accuracy accuracy : List.of(slice.ttft(), slice.tpot())) {
            if (accuracy.count() > 0 && accuracy.coverage().size() != levels) {
                throw new IllegalArgumentException("slice " + slice.name() + " has "
                        + accuracy.coverage().size() + " coverages for " + levels + " quantiles");
            }
        }
    }
}
