package dev.presage.store.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.proto.Sample;
import dev.presage.store.bundle.BundleId;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Against a world in which every candidate's latency is known: four endpoints, the logging policy draws, the other one takes the best guess. */
class OffPolicyJudgeTest {
    private static final List<Double> LEVELS = List.of(0.5, 0.9);
    private final BundleId version = BundleId.parse("sha256-" + "b".repeat(64));

    @Test
    void intervalsHoldTheValueThatThePicksReallyHave() {
        int[] held = new int[3];
        for (int run = 0; run < 100; run++) {
            World world = new World(run, 0.25);
            OffPolicyReport report = world.play(version, 4_000);
            assertEquals("", report.refusal());
            held[0] += holds(report.ipsMs(), world.value()) ? 1 : 0;
            held[1] += holds(report.snipsMs(), world.value()) ? 1 : 0;
            held[2] += holds(report.doublyRobustMs(), world.value()) ? 1 : 0;
            assertTrue(width(report.doublyRobustMs()) < width(report.ipsMs()), "run " + run);
        }
        for (int i = 0; i < held.length; i++) {
            assertTrue(held[i] >= 86, "estimator " + i + " held the value " + held[i] + " times of 100");
        }
    }

    @Test
    void refusesWhereThePicksCouldNotHaveBeenLogged() {
        OffPolicyReport few = new World(1, 0.25).play(version, 200);
        assertTrue(few.refusal().matches("effective sample size \\d+ is below 100"), few.refusal());
        assertNull(few.ipsMs());
        OffPolicyReport blind = new World(1, 0.0).play(version, 20_000);
        assertTrue(blind.refusal().endsWith("of its picks could have been logged, want 80 %"), blind.refusal());
    }

    private static boolean holds(@Nullable Interval interval, double value) {
        return Objects.requireNonNull(interval).low() <= value && value <= interval.high();
    }

    private static double width(@Nullable Interval interval) {
        return Objects.requireNonNull(interval).high() - interval.low();
    }

    /** {@code probability} is that of endpoints 1 to 3 each; the rest goes to endpoint 0. */
    private static final class World {
        private final Random random;
        private final double probability;
        private double sum;
        private int count;

        World(long seed, double probability) {
            random = new Random(seed);
            this.probability = probability;
        }

        double value() {
            return sum / count;
        }

        OffPolicyReport play(BundleId version, int decisions) {
            OffPolicyJudge judge = new OffPolicyJudge(version, LEVELS);
            for (int i = 0; i < decisions; i++) {
                double[] truth = new double[4];
                double[] guess = new double[4];
                int best = 0;
                for (int j = 0; j < 4; j++) {
                    truth[j] = 100 * Math.exp(0.5 * random.nextGaussian());
                    guess[j] = truth[j] * Math.exp(0.2 * random.nextGaussian());
                    best = guess[j] < guess[best] ? j : best;
                }
                sum += truth[best];
                count++;
                double draw = random.nextDouble();
                int logged = probability > 0 && draw < 3 * probability ? 1 + (int) (draw / probability) : 0;
                judge.offer(Sample.newBuilder()
                        .setTtftMs(truth[logged])
                        .setPropensity(logged == 0 ? 1 - 3 * probability : probability)
                        .setShadowBundleId(version.value())
                        .addShadowTtftQuantilesMs((float) guess[logged])
                        .addShadowTtftQuantilesMs((float) guess[logged])
                        .setShadowAgreed(logged == best)
                        .setShadowChoiceTtftMs(guess[best])
                        .build());
            }
            return judge.report();
        }
    }
}
