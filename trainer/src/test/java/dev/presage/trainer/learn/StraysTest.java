package dev.presage.trainer.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.predict.Target;
import dev.presage.store.proto.WorkModel;
import org.junit.jupiter.api.Test;

class StraysTest {
    private static final int COUNT = 4_000;

    /** Samples of {@link SyntheticFleet} on so many endpoints a class; from the middle on the first {@code slowed} of each take three times longer. */
    private static TrainingSet window(int endpoints, int slowed) {
        TrainingSet from = new SyntheticFleet(5, 0.1).samples(COUNT);
        TrainingSet to = new TrainingSet();
        for (int i = 0; i < COUNT; i++) {
            int endpoint = i * 7 / 3 % endpoints;
            double by = i >= COUNT / 2 && endpoint < slowed ? 3 : 1;
            to.add(
                    from.row(i),
                    from.endpointClass(i) + endpoint,
                    from.endpointClass(i),
                    "",
                    by * from.outcome(i, Target.TTFT),
                    from.outcome(i, Target.TPOT),
                    Double.NaN);
        }
        return to;
    }

    @Test
    void endpointsThatAreAlikeKeepTheirSamples() {
        TrainingSet window = window(4, 0);
        assertSame(window, dropped(window));
    }

    @Test
    void whatAThrottledEndpointDidMeanwhileIsLeftOut() {
        TrainingSet window = window(4, 1);
        TrainingSet kept = dropped(window);
        // A quarter of the later half, but for a block of twenty at the change.
        assertEquals(COUNT - COUNT / 8, kept.size(), 50);
        for (int i = kept.size() - COUNT / 4; i < kept.size(); i++) {
            assertTrue(!kept.endpoint(i).endsWith("0"), kept.endpoint(i));
        }
    }

    @Test
    void theModelIsThatOfTheOthers() {
        TargetFit fit = new TargetTrainer(Target.TTFT, TrainerSettings.DEFAULT, WarmStart.COLD).train(window(4, 1));
        TargetFit clean = new TargetTrainer(Target.TTFT, TrainerSettings.DEFAULT, WarmStart.COLD).train(window(4, 0));
        assertTrue(fit.evidence().outdated() > 400, fit.evidence().outdated() + " left out");
        assertEquals(
                clean.evidence().overall().medianError(),
                fit.evidence().overall().medianError(),
                0.01);
    }

    @Test
    void whereHalfAreNotLikeTheOtherHalfNobodyIsLeftOut() {
        TrainingSet window = window(4, 2);
        assertSame(window, dropped(window));
    }

    @Test
    void ofTwoEndpointsNobodyKnowsWhichOneStrays() {
        TrainingSet window = window(2, 1);
        assertSame(window, dropped(window));
    }

    private static TrainingSet dropped(TrainingSet window) {
        return Strays.dropped(new FittedSet(window, Target.TTFT, WorkModel.getDefaultInstance()))
                .data();
    }
}
