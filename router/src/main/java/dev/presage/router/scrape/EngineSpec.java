package dev.presage.router.scrape;

import java.util.List;
import java.util.Map;

/**
 * Where one kind of engine shows its load: the metrics to read. Built in ({@link Engine}) or configured. Immutable.
 *
 * @param name value of the engine label
 * @param metrics what to read for each role; a role without a metric is unknown
 * @param blockSizeLabel label of the {@link Role#CACHE_INFO} metric that holds the tokens in a KV block, empty for none
 * @param blocksLabel its label that holds the number of blocks, empty for none
 * @param attributes further values to keep, by the name to keep them under
 */
public record EngineSpec(
        String name,
        Map<Role, List<MetricSpec>> metrics,
        String blockSizeLabel,
        String blocksLabel,
        Map<String, MetricSpec> attributes) {
    /** Bound on the attributes of one engine. */
    public static final int MAX_ATTRIBUTES = 64;

    public EngineSpec {
        if (name.isBlank()) {
            throw new IllegalArgumentException("engine name must not be blank");
        }
        if (!metrics.containsKey(Role.WAITING)
                && !metrics.containsKey(Role.RUNNING)
                && !metrics.containsKey(Role.KV_USAGE)) {
            throw new IllegalArgumentException(
                    "engine " + name + " must have a metric for queued or running requests or KV usage");
        }
        if (attributes.size() > MAX_ATTRIBUTES) {
            throw new IllegalArgumentException(
                    "engine " + name + " has " + attributes.size() + " custom metrics, more than " + MAX_ATTRIBUTES);
        }
        metrics = Map.copyOf(metrics);
        attributes = Map.copyOf(attributes);
    }
}
