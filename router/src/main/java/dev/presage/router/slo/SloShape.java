package dev.presage.router.slo;

import dev.presage.router.request.InferenceRequest;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Which conditions a selector has, without their values. Selectors of one shape differ in values only, so that one look-up
 * finds the one that holds for a request.
 *
 * @param headers names in order
 */
record SloShape(boolean tenant, List<String> headers, boolean objective, boolean model, boolean pool) {
    private static final String TENANT = "x-llm-d-inference-fairness-id";
    private static final String TENANT_LEGACY = "x-gateway-inference-fairness-id";
    private static final String OBJECTIVE = "x-llm-d-inference-objective";
    private static final String OBJECTIVE_LEGACY = "x-gateway-inference-objective";

    /** Odd, and with about as many bits set as not. */
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    /** The hash of a request that lacks a field. */
    static final long LACKS = 0;

    /** The most specific first: tenant, then more headers, then objective, then model, then pool. */
    static final Comparator<SloShape> BY_RANK = Comparator.comparing(SloShape::tenant)
            .thenComparing(shape -> shape.headers().size())
            .thenComparing(SloShape::objective)
            .thenComparing(SloShape::model)
            .thenComparing(SloShape::pool)
            .reversed();

    /** What a selector asks for in the fields of a shape. */
    record Key(String tenant, List<String> headers, String objective, String model) {}

    static SloShape of(SloSelector selector) {
        return new SloShape(
                !selector.tenant().isEmpty(),
                List.copyOf(new TreeSet<>(selector.headers().keySet())),
                !selector.objective().isEmpty(),
                !selector.model().isEmpty(),
                !selector.pool().isEmpty());
    }

    /** Whether neither is more specific. */
    boolean ranksWith(SloShape other) {
        return BY_RANK.compare(this, other) == 0;
    }

    Key key(SloSelector selector) {
        return sharedKey(this, selector);
    }

    /** The selector's values in those of these fields that {@code other} has too. */
    Key sharedKey(SloShape other, SloSelector selector) {
        return new Key(
                selector.tenant(),
                headers.stream()
                        .filter(other.headers()::contains)
                        .map(selector.headers()::get)
                        .toList(),
                selector.objective(),
                selector.model());
    }

    /** A hash of what a selector asks for, equal to that of requests which have just that. */
    long hash(SloSelector selector) {
        long hash = tenant ? mixed(0, selector.tenant()) : 0;
        for (String name : headers) {
            hash = mixed(hash, selector.headers().getOrDefault(name, ""));
        }
        hash = objective ? mixed(hash, selector.objective()) : hash;
        return spread(model ? mixed(hash, selector.model()) : hash);
    }

    /** The same of what a request has in these fields; {@link #LACKS} where one is missing. Makes nothing. */
    long hash(InferenceRequest request) {
        long hash = 0;
        if (tenant) {
            String id = first(request, TENANT, TENANT_LEGACY);
            if (id.isEmpty()) {
                return LACKS;
            }
            hash = mixed(hash, id);
        }
        for (String name : headers) {
            String value = request.headers().get(name);
            if (value == null) {
                return LACKS;
            }
            hash = mixed(hash, value);
        }
        if (objective) {
            String name = first(request, OBJECTIVE, OBJECTIVE_LEGACY);
            if (name.isEmpty()) {
                return LACKS;
            }
            hash = mixed(hash, name);
        }
        return spread(model ? mixed(hash, request.requestedModel()) : hash);
    }

    private static long mixed(long seed, String field) {
        long hash = Long.rotateLeft(seed ^ field.length(), 29) * FACTOR;
        for (int i = 0; i < field.length(); i++) {
            hash = Long.rotateLeft(hash ^ field.charAt(i), 29) * FACTOR;
        }
        return hash;
    }

    /** Every bit of a hash depends on all of what it was made of; never {@link #LACKS}. */
    private static long spread(long hash) {
        long once = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L;
        long twice = (once ^ once >>> 32) * 0xD6E8FEB86659FD93L;
        long all = twice ^ twice >>> 32;
        return all == LACKS ? 1 : all;
    }

    private static String first(InferenceRequest request, String name, String legacy) {
        String value = request.headers().get(name);
        return value == null ? request.headers().getOrDefault(legacy, "") : value;
    }
}
