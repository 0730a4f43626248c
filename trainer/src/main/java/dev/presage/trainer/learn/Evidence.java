package dev.presage.trainer.learn;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Why a target's model is as it is, from data later than it was trained on.
 *
 * @param chosen the alternative that is used
 * @param errors mean absolute log error of each alternative on the later part of the window
 * @param outdated samples of the window left out because the endpoint's speed has changed since, or was not that of its class, see
 *     {@link Strays}
 * @param outliers samples left out because no state of an endpoint explains them, see {@link Outliers}
 * @param evaluations of the chosen one per slice, {@link Evaluations#ALL} among them, with a calibration from before
 */
public record Evidence(
        Mixture chosen, Map<Mixture, Double> errors, int outdated, int outliers, Map<String, Evaluation> evaluations) {
    /** Of a target that was not learned. */
    public static final Evidence NONE = new Evidence(Mixture.WORK, Map.of(), 0, 0, Map.of());

    /** The alternatives and their errors, the best first, such as {@code work+forest 0.0931, work 0.1020}. */
    public String competition() {
        return errors.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(entry ->
                        String.format(Locale.ROOT, "%s %.4f", entry.getKey().label(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** The evaluation over all samples. */
    public Evaluation overall() {
        return evaluations.getOrDefault(Evaluations.ALL, Evaluation.NONE);
    }
}
