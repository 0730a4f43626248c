package dev.presage.store.bundle;

import java.util.Map;

/**
 * How a predictor was trained, so that it can be trained again.
 *
 * @param configuration the trainer's settings by name
 * @param seed of every random choice
 * @param provenance Tribuo's own provenance of the models, as text
 */
public record TrainerRun(Map<String, String> configuration, long seed, String provenance) {
    public TrainerRun {
        configuration = Map.copyOf(configuration);
    }
}
