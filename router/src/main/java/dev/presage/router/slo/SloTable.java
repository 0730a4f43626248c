package dev.presage.router.slo;

import dev.presage.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one SLO that holds for a request: the most specific that matches it. A look-up costs one hash per combination of
 * conditions in use, of which there are at most {@value #MAX_SHAPES}, however many SLOs there are. Immutable.
 */
final class SloTable {
    static final int MAX_SHAPES = 64;
    static final SloTable EMPTY = new SloTable(List.of());

    private record Bucket(SloShape shape, Map<Object, LatencySlo> slos) {}

    private final List<Bucket> buckets;

    private SloTable(List<Bucket> buckets) {
        this.buckets = buckets;
    }

    /**
     * The SLOs of one pool; those of other pools are passed over.
     *
     * @param conflicts takes every pair of which neither goes before the other; the table is of use only if there are none
     */
    static SloTable of(Collection<LatencySlo> slos, String pool, List<SloConflict> conflicts) {
        Map<SloShape, Map<Object, LatencySlo>> byShape =
                new TreeMap<>(SloShape.BY_RANK.thenComparing(shape -> String.join(",", shape.headers())));
        for (LatencySlo slo : slos) {
            SloSelector selector = slo.selector();
            if (selector.pool().isEmpty() || selector.pool().equals(pool)) {
                SloShape shape = SloShape.of(selector);
                LatencySlo same =
                        byShape.computeIfAbsent(shape, any -> new HashMap<>()).putIfAbsent(shape.key(selector), slo);
                if (same != null) {
                    conflicts.add(new SloConflict(same, slo, "have the same selector"));
                }
            }
        }
        List<Bucket> buckets = new ArrayList<>(byShape.size());
        byShape.forEach((shape, bucket) -> buckets.add(new Bucket(shape, bucket)));
        for (Bucket bucket : buckets.subList(Math.min(MAX_SHAPES, buckets.size()), buckets.size())) {
            bucket.slos()
                    .values()
                    .forEach(slo -> conflicts.add(new SloConflict(
                            slo,
                            slo,
                            "is of a combination of fields that is one too many, there may be " + MAX_SHAPES)));
        }
        ties(buckets.subList(0, Math.min(MAX_SHAPES, buckets.size())), conflicts);
        return new SloTable(List.copyOf(buckets));
    }

    /** Equally specific selectors with other headers can match the same request. */
    private static void ties(List<Bucket> buckets, List<SloConflict> conflicts) {
        for (int i = 0; i < buckets.size(); i++) {
            for (int j = i + 1; j < buckets.size(); j++) {
                SloShape one = buckets.get(i).shape();
                SloShape other = buckets.get(j).shape();
                if (one.ranksWith(other)) {
                    Map<SloShape.Key, LatencySlo> shared = new HashMap<>();
                    buckets.get(i)
                            .slos()
                            .values()
                            .forEach(slo -> shared.put(one.sharedKey(other, slo.selector()), slo));
                    for (LatencySlo slo : buckets.get(j).slos().values()) {
                        LatencySlo tied = shared.get(other.sharedKey(one, slo.selector()));
                        if (tied != null) {
                            conflicts.add(new SloConflict(
                                    tied, slo, "can match the same request and neither selector is more specific"));
                        }
                    }
                }
            }
        }
    }

    /** The SLO that holds for a request; null for none. */
    @Nullable
    LatencySlo find(InferenceRequest request) {
        for (Bucket bucket : buckets) {
            Object key = bucket.shape().key(request);
            LatencySlo slo = key == null ? null : bucket.slos().get(key);
            if (slo != null) {
                return slo;
            }
        }
        return null;
    }
}
