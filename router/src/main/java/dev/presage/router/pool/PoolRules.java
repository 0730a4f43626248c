package dev.presage.router.pool;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The objectives and model rewrites of one pool at one moment. Written by discovery, read on the path of requests; immutable.
 *
 * @param priorities priority by objective name
 * @param rewrites oldest first: of two rules that match equally well, the older one decides
 * @param adapters model names that are LoRA adapters: what the older InferenceModel sends traffic to under another name
 * @param modelPriorities priority by the model name that clients ask for: what the older InferenceModel declares
 */
public record PoolRules(
        Map<String, Integer> priorities,
        List<ModelRewrite> rewrites,
        Map<String, Integer> modelPriorities,
        Set<String> adapters) {
    /** Of a pool without Kubernetes, or without any objective and rewrite. */
    public static final PoolRules NONE = new PoolRules(Map.of(), List.of());

    public PoolRules {
        priorities = Map.copyOf(priorities);
        rewrites = List.copyOf(rewrites);
        modelPriorities = Map.copyOf(modelPriorities);
        adapters = Set.copyOf(adapters);
    }

    /** Rules without an InferenceModel. */
    public PoolRules(Map<String, Integer> priorities, List<ModelRewrite> rewrites) {
        this(priorities, rewrites, Map.of(), Set.of());
    }

    /** Priority of an objective; 0 of one that is not known. */
    public int priority(String objective) {
        return priorities.getOrDefault(objective, 0);
    }

    /** Priority of a request that names no objective, by the model that it asks for; 0 of one that is not declared. */
    public int modelPriority(String model) {
        return modelPriorities.getOrDefault(model, 0);
    }

    /** A rule's name and the model that it sends the request to. */
    public record Rewritten(String rule, String model) {}

    /** What becomes of a request for {@code model}: an exact match before a catch-all, else nothing. */
    public Optional<Rewritten> rewrite(String model, RandomGenerator random) {
        return first(model, true, random).or(() -> first(model, false, random));
    }

    private Optional<Rewritten> first(String model, boolean exact, RandomGenerator random) {
        for (ModelRewrite rewrite : rewrites) {
            for (ModelRewrite.Rule rule : rewrite.rules()) {
                if (exact ? rule.models().contains(model) : rule.models().isEmpty()) {
                    return Optional.of(new Rewritten(rewrite.name(), rule.draw(random)));
                }
            }
        }
        return Optional.empty();
    }
}
