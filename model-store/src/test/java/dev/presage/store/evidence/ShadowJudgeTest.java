package dev.presage.store.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.StoreJson;
import dev.presage.store.predict.Target;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShadowJudgeTest {
    private static final List<Double> LEVELS = List.of(0.5, 0.9);
    private final BundleId champion = BundleId.parse("sha256-" + "a".repeat(64));
    private final BundleId challenger = BundleId.parse("sha256-" + "b".repeat(64));
    private final ShadowJudge judge = new ShadowJudge(champion, LEVELS, challenger, LEVELS);

    @Test
    void tellsHowMuchBetterWithAnIntervalAroundTheTruth() {
        SampleStream stream = new SampleStream(champion, challenger, 1);
        for (int i = 0; i < 4_000; i++) {
            assertTrue(judge.offer(stream.next(0.2, 0.1, 1)));
        }
        ShadowReport report = judge.report().orElseThrow();
        ShadowReport.Comparison all = report.overall(Target.TTFT).orElseThrow();
        // The mean absolute value of a normal deviate is 0.798 of its standard deviation.
        assertEquals(0.1596, all.champion().error(), 0.01);
        assertEquals(0.0798, all.challenger().error(), 0.005);
        Interval better = Objects.requireNonNull(all.better());
        assertTrue(better.low() < 0.5 && 0.5 < better.high() && better.high() - better.low() < 0.1, "" + better);
        assertEquals(0.9, all.challenger().coverage().get(1), 0.02);
        assertEquals(0.75, report.agreement());
        assertEquals(
                List.of("all", "class=a100", "class=h100", "load=queued", "prefix=cold", "prompt=short"),
                report.slices().stream().map(ShadowReport.Comparison::slice).toList());
        assertEquals(report, StoreJson.read(StoreJson.write(report), ShadowReport.class));
    }

    @Test
    void saysNothingOfOtherBundlesAndNoIntervalOfAFew() {
        SampleStream other = new SampleStream(challenger, champion, 1);
        assertFalse(judge.offer(other.next(0.1, 0.1, 1)));
        assertTrue(judge.report().isEmpty());
        SampleStream stream = new SampleStream(champion, challenger, 1);
        for (int i = 0; i < 10; i++) {
            judge.offer(stream.next(0.1, 0.1, 1));
        }
        assertNull(
                judge.report().orElseThrow().overall(Target.TTFT).orElseThrow().better());
    }

    /** Of a series in which neighbours are alike, a naive error of the mean would be several times too small. */
    @Test
    void blockMeansKnowThatNeighboursAreAlike() {
        int inside = 0;
        Random random = new Random(3);
        for (int run = 0; run < 200; run++) {
            BlockMeans means = new BlockMeans();
            double value = random.nextGaussian();
            for (int i = 0; i < 4_000; i++) {
                value = 0.9 * value + Math.sqrt(1 - 0.81) * random.nextGaussian();
                means.add(value);
            }
            inside += Math.abs(means.mean()) <= 1.96 * means.standardError() ? 1 : 0;
        }
        assertTrue(inside >= 180 && inside < 200, inside + " of 200 intervals hold the mean");
    }
}
