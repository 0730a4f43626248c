package dev.presage.router.slo;

import dev.presage.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to the selectors of one shape, found by a request. Open addressing in one array of numbers: however many SLOs there are, a look-up
 * touches one place of it and what is found, and makes nothing. Fields are known by their hash, of which 44 bits are kept and the others
 * are the place: two selectors that share them are found when the index is made, and a request that has what no selector asks for is
 * taken for another once in 10^13 times. Who wants another's targets need not try: tenants and headers are the client's word. Immutable.
 *
 * @param <V> what is found
 */
final class SloIndex<V> {
    private static final int PLACE_BITS = 20;
    private static final long PLACE = (1L << PLACE_BITS) - 1;
    private static final long FREE = 0;

    private final SloShape shape;
    /** The upper bits of a hash and one more than the place of what belongs to it. */
    private final long[] slots;

    private final List<V> values;

    private SloIndex(SloShape shape, long[] slots, List<V> values) {
        this.shape = shape;
        this.slots = slots;
        this.values = List.copyOf(values);
    }

    /** Of SLOs whose selectors have this shape and differ. */
    static SloIndex<LatencySlo> of(SloShape shape, Collection<LatencySlo> slos) {
        if (slos.size() > PLACE) {
            throw new IllegalArgumentException(slos.size() + " SLOs of one shape are more than " + PLACE);
        }
        long[] slots = new long[2 * Integer.highestOneBit(slos.size() + slos.size() / 2)];
        int place = 0;
        for (LatencySlo slo : slos) {
            long hash = shape.hash(slo.selector());
            int at = slot(slots, hash);
            while (slots[at] != FREE) {
                if (same(slots[at], hash)) {
                    throw new IllegalArgumentException("the selector of " + slo.name() + " is not told from another's");
                }
                at = slot(slots, at + 1);
            }
            slots[at] = hash & ~PLACE | ++place;
        }
        return new SloIndex<>(shape, slots, List.copyOf(slos));
    }

    private static int slot(long[] slots, long hash) {
        return (int) hash & slots.length - 1;
    }

    private static boolean same(long slot, long hash) {
        return (slot ^ hash) >>> PLACE_BITS == 0;
    }

    private V value(long slot) {
        return values.get((int) (slot & PLACE) - 1);
    }

    /** The same index of what is made of each. What comes out equal becomes one object. */
    <W> SloIndex<W> map(Function<V, W> made) {
        Map<W, Integer> places = new HashMap<>();
        List<W> others = new ArrayList<>();
        long[] moved = slots.clone();
        for (int at = 0; at < moved.length; at++) {
            if (moved[at] != FREE) {
                int place = places.computeIfAbsent(made.apply(value(moved[at])), other -> {
                    others.add(other);
                    return others.size();
                });
                moved[at] = moved[at] & ~PLACE | place;
            }
        }
        return new SloIndex<>(shape, moved, others);
    }

    SloShape shape() {
        return shape;
    }

    /** One for each selector, in no order. */
    List<V> values() {
        return values;
    }

    /** What belongs to the selector that the request has the fields of; null for none. */
    @Nullable
    V find(InferenceRequest request) {
        long hash = shape.hash(request);
        if (hash == SloShape.LACKS) {
            return null;
        }
        for (int at = slot(slots, hash); slots[at] != FREE; at = slot(slots, at + 1)) {
            if (same(slots[at], hash)) {
                return value(slots[at]);
            }
        }
        return null;
    }
}
