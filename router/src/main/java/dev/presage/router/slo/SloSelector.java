package dev.presage.router.slo;

import java.util.Map;

/**
 * Which requests an SLO is about: all that fulfil every condition. An empty field is no condition.
 *
 * @param pool name of the pool
 * @param model the name that the client asks for
 * @param objective value of the objective header
 * @param tenant value of the fairness header
 * @param headers further headers by lower-case name, each with the value that it must have
 */
public record SloSelector(String pool, String model, String objective, String tenant, Map<String, String> headers) {
    public static final int MAX_HEADERS = 4;

    /** Every request. */
    public static final SloSelector ALL = new SloSelector("", "", "", "", Map.of());

    public SloSelector {
        headers = Map.copyOf(headers);
        if (headers.size() > MAX_HEADERS) {
            throw new IllegalArgumentException(headers.size() + " headers, at most " + MAX_HEADERS);
        }
    }
}
