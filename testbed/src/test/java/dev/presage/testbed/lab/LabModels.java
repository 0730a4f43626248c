package dev.presage.testbed.lab;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictor;
import dev.presage.store.proto.Calibration;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.TargetModel;
import dev.presage.store.proto.WorkModel;
import java.util.List;

/** A small model: a fixed time and so much per thousand tokens, the same for every class. */
final class LabModels {
    private LabModels() {}

    static CompiledPredictor work() {
        return CompiledPredictor.newBuilder()
                .setFormatVersion(Predictor.FORMAT)
                .setFeatureSchema(FeatureSchema.HASH)
                .addAllQuantiles(List.of(0.5, 0.9))
                .setTtft(target(List.of("ONE", "WORK_TOKENS"), List.of(20.0, 60.0)))
                .setTpot(target(List.of("ONE", "DECODING"), List.of(20.0, 0.1)))
                .build();
    }

    private static TargetModel target(List<String> terms, List<Double> coefficients) {
        return TargetModel.newBuilder()
                .setWork(WorkModel.newBuilder()
                        .addAllTerms(terms)
                        .addAllFallback(coefficients)
                        .setFloorMs(0.1))
                .setCalibration(Calibration.newBuilder().addOffsets(0).addOffsets(0.7))
                .build();
    }
}
