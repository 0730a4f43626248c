package dev.presage.testbed.server;

import dev.presage.testbed.engine.AdapterLimits;
import java.util.List;

/**
 * The LoRA adapters that a simulated server answers to, beside its base model.
 *
 * @param names model names, distinct and not blank
 */
public record ServedAdapters(List<String> names, AdapterLimits limits) {
    /** The base model alone. */
    public static final ServedAdapters NONE = new ServedAdapters(List.of(), AdapterLimits.DEFAULT);

    public ServedAdapters {
        names = List.copyOf(names);
        for (String name : names) {
            if (name.isBlank() || name.contains(",")) {
                throw new IllegalArgumentException("adapter name '" + name + "' must not be blank nor hold a comma");
            }
        }
        if (names.stream().distinct().count() != names.size()) {
            throw new IllegalArgumentException("adapter names " + names + " must be distinct");
        }
    }
}
