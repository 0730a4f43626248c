package dev.presage.trainer.learn;

import com.google.protobuf.ByteString;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.CompiledPredictor;
import java.util.Map;

/**
 * The result of a training run, ready to be bundled.
 *
 * @param compiled what the router evaluates
 * @param tribuo the Tribuo model per target, as Protobuf bytes
 * @param provenance Tribuo's, per target, as text
 * @param forestShare how much of each forest was used
 * @param evaluations per target, on data that was not trained on
 */
public record TrainedPredictor(
        CompiledPredictor compiled,
        Map<Target, ByteString> tribuo,
        Map<Target, String> provenance,
        Map<Target, Double> forestShare,
        Map<Target, Evaluation> evaluations) {}
