package dev.presage.trainer.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.window.TrainingWindow;
import dev.presage.pipeline.window.WindowLimits;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.BundleWriter;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A trainer starts beside a champion, with a log that lost its samples. */
class LearningLoopWarmStartTest {
    private static final int SAMPLES = 2_000;
    private static final long UNTIL_MS = 1_000_000;
    private static final Predecessor CHAMPION = Predecessor.of((VerifiedBundle) new BundleReader(TrustPolicy.anyone())
            .verify(Traffic.champion(BundleWriter.unsigned(), Traffic.POOL, SAMPLES, UNTIL_MS)
                    .bytes()));

    private final LearningLoop loop = new LearningLoop(
            new TrainingWindow(WindowLimits.DEFAULT),
            new PredictorTrainer(TrainerSettings.DEFAULT),
            RetrainPolicy.DEFAULT);
    private final List<LearningLoop.Training> trainings = new ArrayList<>();

    private void learn(List<Sample> samples) {
        for (Sample sample : samples) {
            loop.offer(sample);
            loop.trainIfDue(sample.getEndedAtMs()).ifPresent(trainings::add);
        }
    }

    private Optional<LearningLoop.Training> firstToServe() {
        return trainings.stream().filter(LearningLoop.Training::isToServe).findFirst();
    }

    @Test
    void withoutAChampionTheFirstModelServes() {
        learn(new Traffic(2, UNTIL_MS).samples(110, 1));
        assertTrue(trainings.getFirst().isToServe());
        assertEquals(Optional.empty(), trainings.getFirst().standing());
    }

    @Test
    void aYoungWindowsModelWaitsWhileTheChampionIsAsGood() {
        loop.inherit(CHAMPION);
        learn(new Traffic(2, UNTIL_MS).samples(1_500, 1));
        LearningLoop.Training first = firstToServe().orElseThrow();
        assertTrue(first.samples().size() >= SAMPLES / 2, first.samples().size() + " samples");
        Standing before = trainings.get(trainings.indexOf(first) - 1).standing().orElseThrow();
        System.out.println(trainings.size() + " trainings, the last that was held back: " + before);
        assertFalse(before.passed());
        assertTrue(before.championError() < 1.1 * before.ownError(), before::toString);
        assertEquals(Optional.empty(), trainings.getLast().standing());
    }

    @Test
    void aFleetThatChangedMeanwhileIsLearnedAtOnce() {
        loop.inherit(CHAMPION);
        Traffic traffic = new Traffic(2, UNTIL_MS);
        learn(traffic.samples(260, 1.8));
        LearningLoop.Training first = firstToServe().orElseThrow();
        Standing standing = first.standing().orElseThrow();
        System.out.println("after " + first.samples().size() + " samples: " + standing);
        assertTrue(standing.ownError() < standing.championError() / 2, standing::toString);
        Predictor serving = Predictor.compile(first.predictor().compiled());
        assertTrue(error(serving, traffic.samples(500, 1.8))
                < 0.6 * error(CHAMPION.predictor(), traffic.samples(500, 1.8)));
    }

    @Test
    void whatTheChampionKnewAlreadyIsNoEvidence() {
        loop.inherit(CHAMPION);
        learn(new Traffic(2, 0).samples(260, 1.8));
        assertEquals(0, trainings.getLast().standing().orElseThrow().judged());
        assertEquals(Optional.empty(), firstToServe());
    }

    @Test
    void aClassWithoutTrafficSinceIsKnownStill() {
        loop.inherit(CHAMPION);
        Traffic traffic = new Traffic(2, UNTIL_MS);
        learn(only("fast", traffic.samples(400, 1)));
        Predictor trained = Predictor.compile(trainings.getLast().predictor().compiled());
        List<Sample> slow = only("slow", traffic.samples(400, 1));
        double warm = error(trained, slow);
        double inherited = error(CHAMPION.predictor(), slow);
        System.out.println("class not seen again: champion " + inherited + ", young window " + warm);
        assertTrue(warm < 1.5 * inherited, warm + " against " + inherited);
    }

    @Test
    void aWindowThatWasRebuiltIsNotYoung() {
        loop.inherit(CHAMPION);
        new Traffic(1, UNTIL_MS - 10 * SAMPLES).samples(SAMPLES, 1).forEach(loop::offer);
        LearningLoop.Training training = loop.trainIfDue(UNTIL_MS).orElseThrow();
        assertTrue(training.isToServe());
    }

    private static List<Sample> only(String endpointClass, List<Sample> samples) {
        return samples.stream()
                .filter(sample -> sample.getEndpointClass().equals(endpointClass))
                .toList();
    }

    /** Mean absolute log error of the TTFT. */
    private static double error(Predictor predictor, List<Sample> samples) {
        double sum = 0;
        Predictions said = new Predictions();
        for (Sample sample : samples) {
            float[] row = new float[sample.getFeaturesCount()];
            for (int i = 0; i < row.length; i++) {
                row[i] = sample.getFeatures(i);
            }
            predictor.predict(row, new int[] {predictor.classIndex(sample.getEndpointClass())}, 1, said);
            sum += Math.abs(Math.log(sample.getTtftMs() / said.locationMs(Target.TTFT, 0)));
        }
        return sum / samples.size();
    }
}
