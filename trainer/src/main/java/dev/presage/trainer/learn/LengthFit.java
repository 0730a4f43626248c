package dev.presage.trainer.learn;

import dev.presage.store.proto.LengthModel;
import java.util.List;
import java.util.Map;

/**
 * What was learned of the length of replies.
 *
 * @param model its compiled form
 * @param depth how finely requests are told apart, see {@link dev.presage.store.predict.OutputLengths.Cell}
 * @param lossByDepth mean pinball loss of each depth on later requests than it was learned from, in tokens
 * @param samples replies that it was judged on
 * @param coverage share of them at or below each predicted quantile
 */
public record LengthFit(
        LengthModel model, int depth, Map<Integer, Double> lossByDepth, int samples, List<Double> coverage) {}
