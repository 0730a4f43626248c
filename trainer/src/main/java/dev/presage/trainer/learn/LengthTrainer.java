package dev.presage.trainer.learn;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.OutputLength;
import dev.presage.store.predict.OutputLengths;
import dev.presage.store.predict.OutputLengths.Cell;
import dev.presage.store.predict.Predictor;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.LengthCell;
import dev.presage.store.proto.LengthModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Learns the length of replies as a table of quantiles. How finely it tells requests apart is decided by the later part of the window:
 * a finer table must predict that better than a coarser one to be taken.
 */
final class LengthTrainer {
    private static final double TRAINING_SHARE = 0.8;
    /** Fewer replies than these say nothing of a 99th percentile. */
    private static final int PER_CELL = 100;
    /** Of the finest cells those with the most replies stay. */
    private static final int MAX_CELLS = 2_000;

    private final List<Double> levels;

    LengthTrainer(List<Double> levels) {
        this.levels = levels;
    }

    /** Learns from samples that all counted their tokens, in time order, at least one. */
    LengthFit train(TrainingSet data) {
        int cut = (int) (data.size() * TRAINING_SHARE);
        TrainingSet earlier = data.slice(0, cut);
        TrainingSet later = data.slice(cut, data.size());
        Map<Integer, Double> losses = new TreeMap<>();
        int depth = 0;
        Judged best = judge(table(earlier, depth), later);
        losses.put(depth, best.loss());
        for (int finer = 1; finer <= OutputLengths.DEEPEST; finer++) {
            Judged judged = judge(table(earlier, finer), later);
            losses.put(finer, judged.loss());
            if (judged.loss() < best.loss()) {
                best = judged;
                depth = finer;
            }
        }
        return new LengthFit(table(data, depth), depth, losses, later.size(), best.coverage());
    }

    private record Judged(double loss, List<Double> coverage) {}

    private Judged judge(LengthModel model, TrainingSet later) {
        OutputLengths lengths = compiled(model);
        double loss = 0;
        double[] covered = new double[levels.size()];
        for (int i = 0; i < later.size(); i++) {
            OutputLength said = lengths.of(later.model(i), prompt(later, i), bound(later, i));
            for (int level = 0; level < covered.length; level++) {
                double gap = later.outputTokens(i) - said.tokens().get(level);
                double quantile = levels.get(level);
                loss += gap >= 0 ? quantile * gap : (quantile - 1) * gap;
                covered[level] += gap <= 0 ? 1 : 0;
            }
        }
        int n = Math.max(1, later.size());
        return new Judged(
                loss / n / covered.length,
                Arrays.stream(covered).map(count -> count / n).boxed().toList());
    }

    /** Cells of every depth up to {@code deepest}; the one of depth 0 is there whatever the number of replies. */
    private LengthModel table(TrainingSet data, int deepest) {
        Map<Cell, List<Double>> replies = new LinkedHashMap<>();
        for (int i = 0; i < data.size(); i++) {
            for (int depth = 0; depth <= deepest; depth++) {
                replies.computeIfAbsent(
                                Cell.of(depth, data.model(i), prompt(data, i), bound(data, i)),
                                cell -> new ArrayList<>())
                        .add(data.outputTokens(i));
            }
        }
        LengthModel.Builder model = LengthModel.newBuilder();
        replies.entrySet().stream()
                .filter(cell -> cell.getKey().depth() == 0 || cell.getValue().size() >= PER_CELL)
                .sorted((a, b) ->
                        Integer.compare(b.getValue().size(), a.getValue().size()))
                .limit(MAX_CELLS)
                .forEach(cell -> model.addCells(cell(cell.getKey(), cell.getValue())));
        return model.build();
    }

    private LengthCell cell(Cell cell, List<Double> replies) {
        double[] sorted =
                replies.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        LengthCell.Builder built = LengthCell.newBuilder()
                .setDepth(cell.depth())
                .setModel(cell.model())
                .setBound(cell.bound())
                .setPrompt(cell.prompt())
                .setMeanTokens(Arrays.stream(sorted).average().orElseThrow());
        for (double level : levels) {
            int rank = (int) Math.ceil((sorted.length + 1) * level);
            built.addTokens(sorted[Math.clamp(rank, 1, sorted.length) - 1]);
        }
        return built.build();
    }

    /** Through the form that the router reads, so that what is judged is what will be served. */
    private OutputLengths compiled(LengthModel model) {
        return Predictor.compile(CompiledPredictor.newBuilder()
                        .setFormatVersion(Predictor.FORMAT)
                        .setFeatureSchema(FeatureSchema.HASH)
                        .addAllQuantiles(levels)
                        .setTtft(PredictorTrainer.unlearned(levels))
                        .setTpot(PredictorTrainer.unlearned(levels))
                        .setLength(model)
                        .build())
                .outputLengths();
    }

    private static int prompt(TrainingSet data, int sample) {
        return (int) data.row(sample)[Feature.PROMPT_TOKENS.ordinal()];
    }

    private static int bound(TrainingSet data, int sample) {
        return (int) data.row(sample)[Feature.MAX_TOKENS.ordinal()];
    }
}
