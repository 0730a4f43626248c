package dev.presage.router.slo;

import dev.presage.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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

    /** The most specific first: tenant, then more headers, then objective, then model, then pool. */
    static final Comparator<SloShape> BY_RANK = Comparator.comparing(SloShape::tenant)
            .thenComparing(shape -> shape.headers().size())
            .thenComparing(SloShape::objective)
            .thenComparing(SloShape::model)
            .thenComparing(SloShape::pool)
            .reversed();

    /** What a selector asks for, or what a request has, in the fields of a shape of several conditions. */
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

    /** Of a shape with one condition the value itself, so that it is found without another object in between. */
    Object key(SloSelector selector) {
        if (headers.isEmpty() && tenant && !objective && !model) {
            return selector.tenant();
        }
        return new Key(
                selector.tenant(),
                headers.stream().map(selector.headers()::get).toList(),
                selector.objective(),
                selector.model());
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

    /** What the request has; null where it lacks a field. */
    @Nullable
    Object key(InferenceRequest request) {
        String tenantId = tenant ? first(request, TENANT, TENANT_LEGACY) : "";
        String objectiveName = objective ? first(request, OBJECTIVE, OBJECTIVE_LEGACY) : "";
        if (tenant && tenantId.isEmpty() || objective && objectiveName.isEmpty()) {
            return null;
        }
        if (headers.isEmpty() && tenant && !objective && !model) {
            return tenantId;
        }
        List<String> values = List.of();
        if (!headers.isEmpty()) {
            values = new ArrayList<>(headers.size());
            for (String name : headers) {
                String value = request.headers().get(name);
                if (value == null) {
                    return null;
                }
                values.add(value);
            }
        }
        return new Key(tenantId, values, objectiveName, model ? request.requestedModel() : "");
    }

    private static String first(InferenceRequest request, String name, String legacy) {
        String value = request.headers().get(name);
        return value == null ? request.headers().getOrDefault(legacy, "") : value;
    }
}
