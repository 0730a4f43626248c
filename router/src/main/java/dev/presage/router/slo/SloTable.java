package dev.presage.router.slo;

import dev.presage.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one SLO that holds for a request, or what was made of it: the most specific that matches it. A look-up costs one hash per
 * combination of conditions in use, of which there are at most {@value #MAX_SHAPES}, however many SLOs there are. Immutable.
 *
 * @param <V> what is found
 */
final class SloTable<V> {
    static final int MAX_SHAPES = 64;

    private record Bucket<V>(SloShape shape, Map<Object, V> values) {}

    private final List<Bucket<V>> buckets;

    private SloTable(List<Bucket<V>> buckets) {
        this.buckets = buckets;
    }

    static <V> SloTable<V> empty() {
        return new SloTable<>(List.of());
    }

    /**
     * The SLOs of one pool; those of other pools are passed over.
     *
     * @param conflicts takes every pair of which neither goes before the other; the table is of use only if there are none
     */
    static SloTable<LatencySlo> of(Collection<LatencySlo> slos, String pool, List<SloConflict> conflicts) {
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
        List<Bucket<LatencySlo>> buckets = new ArrayList<>(byShape.size());
        byShape.forEach((shape, bucket) -> buckets.add(new Bucket<>(shape, bucket)));
        for (Bucket<LatencySlo> bucket : buckets.subList(Math.min(MAX_SHAPES, buckets.size()), buckets.size())) {
            bucket.values()
                    .values()
                    .forEach(slo -> conflicts.add(new SloConflict(
                            slo,
                            slo,
                            "is of a combination of fields that is one too many, there may be " + MAX_SHAPES)));
        }
        ties(buckets.subList(0, Math.min(MAX_SHAPES, buckets.size())), conflicts);
        return new SloTable<>(List.copyOf(buckets));
    }

    /** Equally specific selectors with other headers can match the same request. */
    private static void ties(List<Bucket<LatencySlo>> buckets, List<SloConflict> conflicts) {
        for (int i = 0; i < buckets.size(); i++) {
            for (int j = i + 1; j < buckets.size(); j++) {
                SloShape one = buckets.get(i).shape();
                SloShape other = buckets.get(j).shape();
                if (one.ranksWith(other)) {
                    Map<SloShape.Key, LatencySlo> shared = new HashMap<>();
                    buckets.get(i)
                            .values()
                            .values()
                            .forEach(slo -> shared.put(one.sharedKey(other, slo.selector()), slo));
                    for (LatencySlo slo : buckets.get(j).values().values()) {
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

    /** The same table of what is made of each. Equal ones become one object, so that many do not crowd each other out of the caches. */
    <W> SloTable<W> map(Function<V, W> made) {
        Map<W, W> one = new HashMap<>();
        List<Bucket<W>> others = new ArrayList<>(buckets.size());
        for (Bucket<V> bucket : buckets) {
            Map<Object, W> values = HashMap.newHashMap(bucket.values().size());
            bucket.values().forEach((key, value) -> {
                W other = made.apply(value);
                values.put(key, one.computeIfAbsent(other, itself -> itself));
            });
            others.add(new Bucket<>(bucket.shape(), values));
        }
        return new SloTable<>(List.copyOf(others));
    }

    /** What holds for a request; null for nothing. */
    @Nullable
    V find(InferenceRequest request) {
        for (Bucket<V> bucket : buckets) {
            Object key = bucket.shape().key(request);
            V value = key == null ? null : bucket.values().get(key);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
