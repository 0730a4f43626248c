package dev.presage.trainer.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.trainer.learn.Evaluations;
import dev.presage.trainer.learn.Evidence;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainedPredictor;
import dev.presage.trainer.learn.TrainerSettings;
import dev.presage.trainer.learn.TrainingSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage train evaluate}: trains on one file of samples and judges one quantile on another. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description =
                "Train on a file of samples, judge a quantile on another (JSON lines); or, with --stream, learn online"
                        + " from a stream that drifts and judge at checkpoints behind the drift.")
public final class EvaluateCommand implements Callable<Integer> {
    /** Fewer say little of a coverage. */
    private static final int ENOUGH = 200;

    @Option(names = "--train", description = "Samples to train on, oldest first.")
    private @Nullable Path train;

    @Option(names = "--stream", description = "Samples to learn from online, oldest first, instead of --train.")
    private @Nullable Path stream;

    @Option(names = "--drift-at", defaultValue = "0", description = "Row of the stream at which the drift begins.")
    private int driftAt;

    @Option(
            names = "--checkpoints",
            split = ",",
            defaultValue = "1000,4000,10000",
            description = "Rows after the drift at which to judge. Default: ${DEFAULT-VALUE}")
    private List<Integer> checkpoints = List.of();

    @Option(names = "--test", required = true, description = "Samples to judge on.")
    private Path test = Path.of("");

    @Option(names = "--quantile", defaultValue = "0.9", description = "Level to judge, within (0, 1).")
    private double quantile;

    @Option(
            names = "--slices",
            description = "Also judge --train in every slice (load, prefix, class, length) of at least 200 rows, a line"
                    + " each.")
    private boolean slices;

    @Option(names = "--output", defaultValue = "table", description = "table or json.")
    private String output = "table";

    @Option(names = "--seed", defaultValue = "1")
    private long seed;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!(quantile > 0 && quantile < 1)) {
            throw new ParameterException(spec.commandLine(), "--quantile " + quantile + " outside (0, 1)");
        }
        SampleFile testing = SampleFile.read(test);
        TrainerSettings settings =
                TrainerSettings.DEFAULT.withQuantiles(List.of(quantile)).withSeed(seed);
        if (train != null && stream == null) {
            once(SampleFile.read(train), testing, settings);
        } else if (stream != null && train == null) {
            new DriftStream(SampleFile.read(stream), testing, settings, quantile)
                    .run(driftAt, checkpoints)
                    .print(spec.commandLine().getOut(), output.equals("json"));
        } else {
            throw new ParameterException(spec.commandLine(), "exactly one of --train and --stream is needed");
        }
        return 0;
    }

    private void once(SampleFile training, SampleFile testing, TrainerSettings settings) throws IOException {
        TrainedPredictor trained = new PredictorTrainer(settings)
                .train(training.samples())
                .orElseThrow(
                        () -> new IOException(train + ": " + training.samples().size() + " samples are fewer than the "
                                + settings.minSamples() + " needed"));
        Predictor predictor = Predictor.compile(trained.compiled());
        Score ttft = Score.of(predictor, testing, Target.TTFT, 0, quantile);
        Score tpot = Score.of(predictor, testing, Target.TPOT, 0, quantile);
        Optional<Score> length = trained.length()
                .filter(fit -> testing.samples().counted().size() > 0)
                .map(fit -> Score.ofLength(predictor, testing.samples(), 0, quantile));
        print(testing.samples().size(), ttft, tpot, length, PickScore.of(predictor, testing), trained);
        if (slices) {
            bySlice(predictor, testing.samples(), settings.quantiles());
        }
    }

    /** One line of JSON or text for each slice of each target that has enough samples. */
    private void bySlice(Predictor predictor, TrainingSet data, List<Double> levels) {
        var out = spec.commandLine().getOut();
        for (Target target : Target.values()) {
            String name = target.name().toLowerCase(Locale.ROOT);
            Evaluations.bySlice(predictor, data.observed(target), target, levels)
                    .forEach((slice, judged) -> {
                        if (judged.samples() < ENOUGH) {
                            return;
                        }
                        if (output.equals("json")) {
                            out.println(new ObjectMapper()
                                    .createObjectNode()
                                    .put("target", name)
                                    .put("slice", slice)
                                    .put("rows", judged.samples())
                                    .put("median_error", judged.medianError())
                                    .put("coverage", judged.coverage().getFirst()));
                        } else {
                            out.printf(
                                    "%-6s %-28s %7d rows, median error %6.2f%%, coverage %6.2f%%%n",
                                    name,
                                    slice,
                                    judged.samples(),
                                    100 * judged.medianError(),
                                    100 * judged.coverage().getFirst());
                        }
                    });
        }
        out.flush();
    }

    private void print(
            int rows, Score ttft, Score tpot, Optional<Score> length, PickScore picks, TrainedPredictor trained) {
        var out = spec.commandLine().getOut();
        if (output.equals("json")) {
            ObjectNode json = new ObjectMapper().createObjectNode();
            json.put("rows", rows).put("quantile", quantile);
            put(json, "ttft", ttft);
            put(json, "tpot", tpot);
            length.ifPresent(score ->
                    json.put("length_coverage", score.coverage()).put("length_pinball_tokens", score.pinball()));
            if (picks.decisions() > 0) {
                json.put("decisions", picks.decisions()).put("top1", picks.top1());
                json.put("picked_ttft_ms", picks.pickedMs()).put("oracle_ttft_ms", picks.oracleMs());
            }
            for (Target target : Target.values()) {
                Evidence evidence = trained.evidence(target);
                String name = target.name().toLowerCase(Locale.ROOT);
                json.put(name + "_chosen", evidence.chosen().label());
                ObjectNode errors = json.putObject(name + "_errors");
                evidence.errors().forEach((mixture, error) -> errors.put(mixture.label(), error));
            }
            out.println(json);
        } else {
            out.printf("rows %d, quantile %.2f%n", rows, quantile);
            out.printf("%-6s %8s %9s %10s%n", "target", "error", "coverage", "pinball");
            out.printf(
                    "%-6s %7.2f%% %8.2f%% %7.4f ms%n",
                    "ttft", 100 * ttft.error(), 100 * ttft.coverage(), ttft.pinball());
            out.printf(
                    "%-6s %7.2f%% %8.2f%% %7.4f ms%n",
                    "tpot", 100 * tpot.error(), 100 * tpot.coverage(), tpot.pinball());
            length.ifPresent(score -> out.printf(
                    "%-6s %8s %8.2f%% %7.2f tokens%n", "length", "", 100 * score.coverage(), score.pinball()));
            if (picks.decisions() > 0) {
                out.printf(
                        "%d decisions: best picked %.1f%%, true mean TTFT %.1f ms, of the best %.1f ms%n",
                        picks.decisions(), 100 * picks.top1(), picks.pickedMs(), picks.oracleMs());
            }
            for (Target target : Target.values()) {
                out.printf(
                        "%-6s mean error of the logarithm on later data: %s%n",
                        target.name().toLowerCase(Locale.ROOT),
                        trained.evidence(target).competition());
            }
        }
        out.flush();
    }

    static void put(ObjectNode json, String target, Score score) {
        json.put(target + "_error", score.error());
        json.put(target + "_coverage", score.coverage());
        json.put(target + "_pinball", score.pinball());
    }
}
