package dev.presage.trainer.learn;

import com.google.protobuf.ByteString;
import dev.presage.store.proto.TargetModel;
import java.util.Map;

/**
 * One learned target.
 *
 * @param model its compiled form
 * @param tribuo the Tribuo model's Protobuf bytes, for re-use
 * @param provenance of that model, as text
 * @param forestShare how much of the forest's answer is used: 0, 0.5 or 1, whichever was best on later data
 * @param evaluation on the later part of the window, by a model that had not seen it
 */
record TargetFit(
        TargetModel model,
        ByteString tribuo,
        String provenance,
        double forestShare,
        Evaluation evaluation,
        Map<Double, Double> errorByShare) {}
