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

    private final List<SloIndex<V>> shapes;

    private SloTable(List<SloIndex<V>> shapes) {
        this.shapes = shapes;
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
        Map<SloShape, Map<SloShape.Key, LatencySlo>> byShape =
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
        List<SloIndex<LatencySlo>> shapes = new ArrayList<>(byShape.size());
        byShape.forEach((shape, distinct) -> shapes.add(SloIndex.of(shape, distinct.values())));
        int most = Math.min(MAX_SHAPES, shapes.size());
        for (SloIndex<LatencySlo> oneTooMany : shapes.subList(most, shapes.size())) {
            oneTooMany
                    .values()
                    .forEach(slo -> conflicts.add(new SloConflict(
                            slo,
                            slo,
                            "is of a combination of fields that is one too many, there may be " + MAX_SHAPES)));
        }
        ties(shapes.subList(0, most), conflicts);
        return new SloTable<>(List.copyOf(shapes));
    }

    /** Equally specific selectors with other headers can match the same request. */
    private static void ties(List<SloIndex<LatencySlo>> shapes, List<SloConflict> conflicts) {
        for (int i = 0; i < shapes.size(); i++) {
            for (int j = i + 1; j < shapes.size(); j++) {
                SloShape one = shapes.get(i).shape();
                SloShape other = shapes.get(j).shape();
                if (one.ranksWith(other)) {
                    Map<SloShape.Key, LatencySlo> shared = new HashMap<>();
                    shapes.get(i).values().forEach(slo -> shared.put(one.sharedKey(other, slo.selector()), slo));
                    for (LatencySlo slo : shapes.get(j).values()) {
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
        return new SloTable<>(shapes.stream().map(index -> index.map(made)).toList());
    }

    /** What holds for a request; null for nothing. */
    @Nullable
    V find(InferenceRequest request) {
        for (SloIndex<V> index : shapes) {
            V value = index.find(request);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
