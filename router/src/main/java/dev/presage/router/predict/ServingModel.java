package dev.presage.router.predict;

import dev.presage.router.request.InferenceRequest;
import dev.presage.store.predict.OutputLength;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import java.time.Instant;

/**
 * The model in service: a verified bundle's predictor and its identity. Immutable; swapped whole by one volatile write.
 *
 * @param bundleId content digest of the bundle
 * @param trainedAt when its training data ended
 */
public record ServingModel(String bundleId, Predictor predictor, Instant trainedAt) {

    /** Predicts every candidate of the matrix, corrected by what its endpoint has shown lately. */
    public Predictions predict(CandidateMatrix candidates) {
        int[] classes = new int[candidates.size()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = predictor.classIndex(candidates.state(i).endpoint().endpointClass());
        }
        Predictions predictions = new Predictions();
        predictor.predict(candidates.rows(), classes, classes.length, predictions);
        for (int i = 0; i < classes.length; i++) {
            if (candidates.correction(i) != 1) {
                predictions.slow(i, candidates.correction(i));
            }
        }
        predictions.read(candidates.shifts());
        predictions.expect(outputLength(candidates.request()));
        return predictions;
    }

    /** How long the reply to this request will be. */
    public OutputLength outputLength(InferenceRequest request) {
        return predictor.outputLengths().of(request.model(), request.promptTokens(), request.maxTokens());
    }
}
