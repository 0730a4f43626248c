package dev.presage.router.fleet;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The models that an engine says it serves. Written by the scraper where engines are asked.
 *
 * @param parents by name the model that it adapts, empty for one that adapts none; at most {@value #MOST}
 */
public record ServedModels(Map<String, String> parents) {
    /** More than any engine serves at once. */
    public static final int MOST = 10_000;

    /** Of an engine that was not asked, or has not answered. */
    public static final ServedModels NONE = new ServedModels(Map.of());

    public ServedModels {
        if (parents.size() > MOST) {
            throw new IllegalArgumentException(parents.size() + " models, at most " + MOST);
        }
        parents = Map.copyOf(parents);
    }

    /** The names that are LoRA adapters of another model. */
    Set<String> adapters() {
        return parents.entrySet().stream()
                .filter(model ->
                        !model.getValue().isEmpty() && !model.getValue().equals(model.getKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
