package dev.presage.trainer.learn;

import java.util.Map;

/**
 * Why a target's model is as it is, from data later than it was trained on.
 *
 * @param forestShare how much of the forest's answer is used: 0, 0.5 or 1
 * @param errorByShare mean absolute log error of each of these, on the later part of the window
 * @param outdated samples of the window left out because the endpoint's speed has changed since, or was not that of its class, see
 *     {@link Strays}
 * @param outliers samples left out because no state of an endpoint explains them, see {@link Outliers}
 * @param evaluations of the chosen one per slice, {@link Evaluations#ALL} among them, with a calibration from before
 */
public record Evidence(
        double forestShare,
        Map<Double, Double> errorByShare,
        int outdated,
        int outliers,
        Map<String, Evaluation> evaluations) {
    /** Of a target that was not learned. */
    public static final Evidence NONE = new Evidence(0, Map.of(), 0, 0, Map.of());

    /** The evaluation over all samples. */
    public Evaluation overall() {
        return evaluations.getOrDefault(Evaluations.ALL, Evaluation.NONE);
    }
}
