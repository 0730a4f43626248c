package dev.presage.trainer.service;

import dev.presage.store.bundle.BundleId;
import java.util.Locale;

/**
 * How a model from a young window does beside the champion that the trainer started from, on samples that were new to both when they were
 * judged.
 *
 * @param judged samples that both predicted
 * @param championError mean absolute log error of the champion's predictions; 0 before any
 * @param ownError the same of the trainer's own models
 * @param passed whether own models may take its place
 */
public record Standing(BundleId champion, int judged, double championError, double ownError, boolean passed) {
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "champion %s %.4f, own models %.4f on the latest %d samples",
                champion,
                championError,
                ownError,
                judged);
    }
}
