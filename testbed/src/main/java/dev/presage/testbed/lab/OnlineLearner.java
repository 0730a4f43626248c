package dev.presage.testbed.lab;

import dev.presage.pipeline.window.TrainingWindow;
import dev.presage.pipeline.window.WindowLimits;
import dev.presage.router.observe.Outcome;
import dev.presage.router.predict.ServingModel;
import dev.presage.store.predict.Predictor;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainerSettings;
import dev.presage.trainer.service.LearningLoop;
import dev.presage.trainer.service.RetrainPolicy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Production's learning loop inside a lab run: outcomes become samples, due trainings happen at once in real time, and the
 * result takes service after the delay that bundling, announcing and loading take.
 */
final class OnlineLearner {
    private static final double SWAP_DELAY_MS = 1_500;

    /** A model and when it takes service, whatever is trained meanwhile. */
    private record Trained(ServingModel model, double servesAtMs) {}

    private final LearningLoop loop;
    private final UnaryOperator<CompiledPredictor> served;
    private int versions;
    private final Deque<Trained> underway = new ArrayDeque<>();

    OnlineLearner(long seed) {
        this(seed, UnaryOperator.identity());
    }

    /** {@code served} is what becomes of each model before it takes service. */
    OnlineLearner(long seed, UnaryOperator<CompiledPredictor> served) {
        this.served = served;
        loop = new LearningLoop(
                new TrainingWindow(WindowLimits.DEFAULT),
                new PredictorTrainer(TrainerSettings.DEFAULT.withSeed(seed)),
                RetrainPolicy.DEFAULT);
    }

    void learn(Outcome outcome, double nowMs) {
        outcome.legs().forEach(leg -> LabSamples.of(leg).ifPresent(loop::offer));
        loop.trainIfDue(Math.round(nowMs)).ifPresent(training -> {
            versions++;
            ServingModel next = new ServingModel(
                    "lab-" + versions,
                    Predictor.compile(served.apply(training.predictor().compiled())),
                    Instant.ofEpochMilli(Math.round(nowMs)));
            underway.add(new Trained(next, nowMs + SWAP_DELAY_MS));
        });
    }

    /** Puts a trained model into service when its time has come. */
    void swapIfReady(List<LabRouter> routers, double nowMs) {
        while (underway.peek() instanceof Trained ready && nowMs >= ready.servesAtMs()) {
            underway.remove();
            routers.forEach(router -> router.picker().serve(ready.model()));
        }
    }

    int versions() {
        return versions;
    }
}
