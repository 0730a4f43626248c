package dev.presage.trainer.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.predict.Target;
import dev.presage.store.proto.WorkModel;
import org.junit.jupiter.api.Test;

class RecencyTest {
    /** Samples of {@link SyntheticFleet}, the class {@code slowed} of which takes {@code factor} times longer. */
    private static void add(TrainingSet to, TrainingSet from, String slowed, double factor) {
        for (int i = 0; i < from.size(); i++) {
            double by = from.endpointClass(i).equals(slowed) ? factor : 1;
            to.add(from.row(i), from.endpointClass(i), by * from.outcome(i, Target.TTFT), from.outcome(i, Target.TPOT));
        }
    }

    @Test
    void aSteadyFleetKeepsItsWindow() {
        TrainingSet window = new SyntheticFleet(1, 0.1).samples(3_000);
        assertSame(window, recent(window));
    }

    @Test
    void onlyTheClassThatChangedLosesItsPast() {
        SyntheticFleet fleet = new SyntheticFleet(2, 0.1);
        TrainingSet window = new TrainingSet();
        add(window, fleet.samples(2_000), "fast", 1);
        int before = window.size();
        add(window, fleet.samples(800), "fast", 1.8);

        TrainingSet recent = recent(window);

        int fast = 0;
        int slow = 0;
        for (int i = 0; i < recent.size(); i++) {
            fast += recent.endpointClass(i).equals("fast") ? 1 : 0;
            slow += recent.endpointClass(i).equals("slow") ? 1 : 0;
        }
        int fastAfter = 0;
        int slowInAll = 0;
        for (int i = 0; i < window.size(); i++) {
            fastAfter += i >= before && window.endpointClass(i).equals("fast") ? 1 : 0;
            slowInAll += window.endpointClass(i).equals("slow") ? 1 : 0;
        }
        assertEquals(fastAfter, fast, 20);
        assertEquals(slowInAll, slow);
    }

    @Test
    void theModelAfterAChangeIsOfWhatIsTrueNow() {
        SyntheticFleet fleet = new SyntheticFleet(3, 0.1);
        TrainingSet window = new TrainingSet();
        add(window, fleet.samples(4_000), "none", 1);
        add(window, fleet.samples(600), "fast", 1.8);

        TargetFit fit = new TargetTrainer(Target.TTFT, TrainerSettings.DEFAULT, WarmStart.COLD).train(window);

        assertTrue(fit.evidence().outdated() > 1_800, fit.evidence().outdated() + " left out");
        assertTrue(
                fit.evidence().overall().medianError() < 0.12,
                "error " + fit.evidence().overall());
    }

    private static TrainingSet recent(TrainingSet window) {
        return Recency.recent(new FittedSet(window, Target.TTFT, WorkModel.getDefaultInstance()))
                .data();
    }
}
