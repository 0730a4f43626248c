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
 * What belongs to the selectors of one shape, found by a request. Open addressing in one array: however many SLOs there are, a look-up touches
 * one line of it and what is found, and makes nothing. Fields are known by 64 bits of one hash and 44 of another: two that share
 * all of them are found when the index is made, and a request that has what no selector asks for is taken for one of 10,000 once in 10^28
 * times. Who wants another's targets need not try: tenants and headers are the client's word. Immutable.
 *
 * @param <V> what is found
 */
final class SloIndex<V> {
    /** Of a selector's fields; odd, and with as many bits set as not. */
    private static final long ONE = 0x9E3779B97F4A7C15L;

    private static final long OTHER = 0xC2B2AE3D27D4EB4FL;
    private static final int PLACE_BITS = 20;
    private static final long PLACE = (1L << PLACE_BITS) - 1;

    private final SloShape shape;
    /** Two of each slot: one hash, 0 for nobody's slot; the upper bits of the other and the place of the value. */
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
        int capacity = Integer.highestOneBit(slos.size() + slos.size() / 2) * 2;
        long[] slots = new long[2 * capacity];
        int place = 0;
        for (LatencySlo slo : slos) {
            long hash = shape.hash(slo.selector(), ONE);
            long other = shape.hash(slo.selector(), OTHER) & ~PLACE;
            int at = slot(slots, hash);
            while (slots[at] != SloShape.LACKS) {
                if (slots[at] == hash && (slots[at + 1] & ~PLACE) == other) {
                    throw new IllegalArgumentException("the selector of " + slo.name() + " is not told from another's");
                }
                at = next(slots, at);
            }
            slots[at] = hash;
            slots[at + 1] = other | place++;
        }
        return new SloIndex<>(shape, slots, List.copyOf(slos));
    }

    private static int slot(long[] slots, long hash) {
        return (int) hash << 1 & slots.length - 1;
    }

    private static int next(long[] slots, int at) {
        return at + 2 & slots.length - 1;
    }

    /** The same index of what is made of each. What comes out equal becomes one object. */
    <W> SloIndex<W> map(Function<V, W> made) {
        Map<W, Integer> places = new HashMap<>();
        List<W> others = new ArrayList<>();
        long[] moved = slots.clone();
        for (int at = 0; at < moved.length; at += 2) {
            if (moved[at] != SloShape.LACKS) {
                W other = made.apply(values.get((int) (moved[at + 1] & PLACE)));
                int place = places.computeIfAbsent(other, any -> {
                    others.add(any);
                    return others.size() - 1;
                });
                moved[at + 1] = moved[at + 1] & ~PLACE | place;
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
        long hash = shape.hash(request, ONE);
        if (hash == SloShape.LACKS) {
            return null;
        }
        for (int at = slot(slots, hash); slots[at] != SloShape.LACKS; at = next(slots, at)) {
            if (slots[at] == hash && (slots[at + 1] ^ shape.hash(request, OTHER)) >>> PLACE_BITS == 0) {
                return values.get((int) (slots[at + 1] & PLACE));
            }
        }
        return null;
    }
}
