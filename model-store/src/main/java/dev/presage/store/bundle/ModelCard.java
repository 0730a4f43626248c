package dev.presage.store.bundle;

import dev.presage.store.predict.Target;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the trainer says about a predictor (after Mitchell et al., "Model Cards for Model Reporting", 2019): whom it serves, where it comes
 * from, how good it is.
 *
 * @param parent the champion when this one was trained; null for the first of a pool
 * @param pool the pool of endpoints that it predicts for
 * @param importances of the feature columns, most important first; may be empty
 * @param creator who or what made it
 * @param createdAtMs milliseconds since the epoch
 */
public record ModelCard(
        @Nullable BundleId parent,
        String pool,
        TrainingWindow window,
        TrainerRun trainer,
        ModelMetrics metrics,
        List<Importance> importances,
        String creator,
        long createdAtMs) {
    private static final Pattern POOL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    public ModelCard {
        requirePool(pool);
        importances = List.copyOf(importances);
        if (creator.isBlank()) {
            throw new IllegalArgumentException("a bundle needs a creator");
        }
        if (createdAtMs < 0) {
            throw new IllegalArgumentException("created-at " + createdAtMs + " must not be negative");
        }
    }

    /** Throws {@link IllegalArgumentException} unless the name can also be a directory's and a URL segment's. */
    public static String requirePool(String pool) {
        if (!POOL.matcher(pool).matches()) {
            throw new IllegalArgumentException("pool name '" + pool
                    + "' must be 1..128 letters, digits, dots, dashes or underscores and start with a letter or digit");
        }
        return pool;
    }

    /** Share of a column in one target's model: the gain of its splits over all splits, 0 to 1. */
    public record Importance(Target target, String column, double share) {
        public Importance {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("importance " + share + " of " + column + " outside 0..1");
            }
        }
    }
}
