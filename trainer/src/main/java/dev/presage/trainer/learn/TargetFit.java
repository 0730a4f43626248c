package dev.presage.trainer.learn;

import dev.presage.store.proto.Linear;
import dev.presage.store.proto.TargetModel;
import java.util.Map;

/**
 * One learned target.
 *
 * @param model its compiled form
 * @param linear what the linear part has come to, used or not: the next training goes on from it
 * @param tribuo the Tribuo model's Protobuf bytes, for re-use
 * @param provenance of that model, as text
 * @param importances share of the forest's gain per column key, all together 1 unless the forest has no split
 * @param evidence how good it is and why it was made so
 */
public record TargetFit(
        TargetModel model,
        Linear linear,
        byte[] tribuo,
        String provenance,
        Map<String, Double> importances,
        Evidence evidence) {}
