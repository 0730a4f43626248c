package dev.presage.trainer.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.window.TrainingWindow;
import dev.presage.pipeline.window.WindowLimits;
import dev.presage.store.predict.OnlineCoverage;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainerSettings;
import dev.presage.trainer.learn.TrainingSet;
import dev.presage.trainer.service.LearningLoop;
import dev.presage.trainer.service.RetrainPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Production's learning loop on a stream that changes midway: the model in service is judged on a file of samples from after
 * the change, read as routers read it ({@link OnlineCoverage}). A model takes service {@value #SWAP_MS} ms after the sample that made its
 * training due, and outcomes move its quantiles {@value #HEARD_MS} ms after what they came of was predicted.
 */
final class DriftStream {
    /** What training, bundling, announcing and loading take. */
    private static final double SWAP_MS = 1_500;

    /** What a reply takes. */
    private static final double HEARD_MS = 1_000;

    private static final double DEFAULT_STEP_MS = 5;
    private static final int PROBE_EVERY = 250;
    private static final double COVERED = 0.85;

    /** How the model in service does so many rows behind the drift. */
    record Checkpoint(int rowsAfter, Score ttft, Score tpot) {}

    /**
     * The course of one stream.
     *
     * @param models trained in all
     * @param rowsUntilCovered rows behind the drift after which coverage of TTFT stays at 85 % or more; -1 for never
     * @param recovered coverage of each target in the {@value Aftermath#ROWS} rows that came next; empty for never
     */
    record Course(
            List<Checkpoint> checkpoints, int models, int rowsUntilCovered, Map<Target, Aftermath.Judged> recovered) {
        void print(PrintWriter out, boolean json) {
            if (json) {
                out.println(json());
            } else {
                out.printf("%8s %10s %9s %10s %9s%n", "rows", "ttft error", "coverage", "tpot error", "coverage");
                for (Checkpoint at : checkpoints) {
                    out.printf(
                            "%8d %9.2f%% %8.2f%% %9.2f%% %8.2f%%%n",
                            at.rowsAfter(),
                            100 * at.ttft().error(),
                            100 * at.ttft().coverage(),
                            100 * at.tpot().error(),
                            100 * at.tpot().coverage());
                }
                out.printf("%d models; TTFT coverage back at 85 %% after %d rows%n", models, rowsUntilCovered);
                recovered.forEach((target, judged) -> out.printf(
                        "%s coverage of the next %d rows %.1f %%, in the worst slice (%s) %.1f %%%n",
                        target,
                        Aftermath.ROWS,
                        100 * judged.coverage(),
                        judged.worstSlice(),
                        100 * judged.worstCoverage()));
            }
            out.flush();
        }

        private ObjectNode json() {
            ObjectNode json = new ObjectMapper().createObjectNode();
            ArrayNode list = json.putArray("checkpoints");
            for (Checkpoint at : checkpoints) {
                ObjectNode item = list.addObject().put("rows_after", at.rowsAfter());
                EvaluateCommand.put(item, "ttft", at.ttft());
                EvaluateCommand.put(item, "tpot", at.tpot());
            }
            json.put("models", models).put("rows_until_coverage_85", rowsUntilCovered);
            recovered.forEach((target, judged) -> judged.put(json, target));
            return json;
        }
    }

    private final SampleFile stream;
    private final SampleFile test;
    private final TrainerSettings settings;
    private final double quantile;
    private final int level;
    private final OnlineCoverage coverage = new OnlineCoverage();
    private final Deque<Swap> swaps = new ArrayDeque<>();
    private final Deque<Heard> underway = new ArrayDeque<>();
    private @Nullable Predictor serving;
    private int models;

    private record Swap(Predictor next, double atMs) {}

    /** What was predicted of a row, and when its outcome is known. */
    private record Heard(Predictions predictions, int row, double atMs) {}

    DriftStream(SampleFile stream, SampleFile test, TrainerSettings settings, double quantile) {
        this.stream = stream;
        this.test = test;
        this.quantile = quantile;
        TreeSet<Double> sorted = new TreeSet<>(TrainerSettings.DEFAULT.quantiles());
        sorted.add(quantile);
        List<Double> levels = List.copyOf(sorted);
        this.settings = settings.withQuantiles(levels);
        level = levels.indexOf(quantile);
    }

    Course run(int driftAt, List<Integer> checkpoints) throws IOException {
        int last =
                driftAt + checkpoints.stream().mapToInt(Integer::intValue).max().orElse(0);
        if (driftAt < 0 || last > stream.samples().size()) {
            throw new IOException(
                    "the stream has " + stream.samples().size() + " rows, the last checkpoint needs " + last);
        }
        LearningLoop loop = new LearningLoop(
                new TrainingWindow(WindowLimits.DEFAULT), new PredictorTrainer(settings), RetrainPolicy.DEFAULT);
        List<Checkpoint> reached = new ArrayList<>();
        Aftermath aftermath = new Aftermath(quantile);
        int uncoveredAt = 0;
        for (int row = 0; row < last; row++) {
            double now = nowMs(row);
            hear(now);
            swap(now);
            Predictions said = predict(row, now);
            if (row >= driftAt && said != null) {
                aftermath.saw(said, level, stream.samples(), row);
            }
            loop.offer(sample(row, now));
            loop.trainIfDue(Math.round(now)).ifPresent(training -> {
                models++;
                swaps.add(new Swap(Predictor.compile(training.predictor().compiled()), now + SWAP_MS));
            });
            int after = row + 1 - driftAt;
            if (checkpoints.contains(after)) {
                reached.add(new Checkpoint(after, judge(Target.TTFT), judge(Target.TPOT)));
            }
            if (after > 0 && after % PROBE_EVERY == 0 && judge(Target.TTFT).coverage() < COVERED) {
                uncoveredAt = after;
            }
        }
        boolean never = uncoveredAt + PROBE_EVERY > last - driftAt;
        Map<Target, Aftermath.Judged> recovered = new EnumMap<>(Target.class);
        if (!never) {
            for (Target target : Target.values()) {
                recovered.put(target, aftermath.judge(target, uncoveredAt + PROBE_EVERY));
            }
        }
        return new Course(reached, models, never ? -1 : uncoveredAt + PROBE_EVERY, recovered);
    }

    private void hear(double nowMs) {
        while (!underway.isEmpty() && underway.peek().atMs() <= nowMs) {
            Heard heard = underway.remove();
            for (Target target : Target.values()) {
                double actual = stream.samples().outcome(heard.row(), target);
                if (!Double.isNaN(actual)) {
                    coverage.saw(heard.predictions(), target, 0, actual);
                }
            }
        }
    }

    private void swap(double nowMs) {
        while (!swaps.isEmpty() && swaps.peek().atMs() <= nowMs) {
            serving = swaps.remove().next();
            coverage.serves(serving);
        }
    }

    private @Nullable Predictions predict(int row, double nowMs) {
        Predictor predictor = serving;
        if (predictor == null) {
            return null;
        }
        Predictions said = new Predictions();
        int known = predictor.classIndex(stream.samples().endpointClass(row));
        predictor.predict(stream.samples().row(row), new int[] {known}, 1, said);
        said.read(coverage.shifts());
        underway.add(new Heard(said, row, nowMs + HEARD_MS));
        return said;
    }

    private Score judge(Target target) throws IOException {
        Predictor predictor = serving;
        if (predictor == null) {
            throw new IOException("no model was in service when the first checkpoint came");
        }
        return Score.of(predictor, coverage.shifts(), test, target, level, quantile);
    }

    private double nowMs(int row) {
        double told = stream.timeMs(row);
        return Double.isNaN(told) ? row * DEFAULT_STEP_MS : told;
    }

    private Sample sample(int row, double endedMs) {
        TrainingSet samples = stream.samples();
        Sample.Builder sample = Sample.newBuilder()
                .setSchemaVersion(1)
                .setRequestId("row-" + row)
                .setEndpointClass(samples.endpointClass(row))
                .setEndedAtMs(Math.round(endedMs))
                .setFeatureSchema(FeatureSchema.HASH)
                .setStreaming(true);
        for (float value : samples.row(row)) {
            sample.addFeatures(value);
        }
        double ttft = samples.outcome(row, Target.TTFT);
        if (!Double.isNaN(ttft)) {
            sample.setTtftMs(ttft);
        }
        double tpot = samples.outcome(row, Target.TPOT);
        if (!Double.isNaN(tpot)) {
            sample.setTpotMs(tpot);
        }
        return sample.build();
    }
}
