package dev.presage.router.plugin.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Exploration;
import dev.presage.router.pick.Fallback;
import dev.presage.router.pick.HeuristicPolicy;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.LmetricPolicy;
import dev.presage.router.pick.Objective;
import dev.presage.router.plugin.FaultLog;
import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Picker;
import dev.presage.router.plugin.PluginWatch;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.plugin.Scorer;
import dev.presage.router.plugin.picker.Pickers;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestModels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RungsTest {
    private final FaultLog faults = new FaultLog();
    private final Rounds rounds =
            new Rounds().endpoint("a=b").scraped(3, 1, 0.1).endpoint().scraped(0, 1, 0.2);

    @Test
    void aScorerThatThrowsIsPassedOver() {
        Decision.Routed decision = decide(profile(round -> {
            throw new IllegalStateException("broken on purpose");
        }));
        assertEquals(Fallback.PLUGIN_FAILED, decision.fallback());
        assertEquals("lmetric", decision.choice().policy());
        assertEquals(1, faults.count());
    }

    @Test
    void soIsOneThatScoresTooFewAndAPickerThatThrows() {
        assertEquals(
                Fallback.PLUGIN_FAILED, decide(profile(round -> new double[0])).fallback());
        Picker broken = (totals, random) -> {
            throw new IllegalStateException("broken on purpose");
        };
        Profile profile = new Profile("p", List.of(), List.of(), broken);
        assertEquals(Fallback.PLUGIN_FAILED, decide(profile).fallback());
    }

    @Test
    void aFilterThatThrowsLetsAllPass() {
        Filter broken = round -> {
            throw new IllegalStateException("broken on purpose");
        };
        Filter second = round -> Kept.where(round, i -> round.label(i, "a").isEmpty());
        Profile profile = new Profile("p", List.of(broken, second), List.of(), Pickers.HIGHEST);
        Decision.Routed decision = decide(profile);
        assertEquals("192.168.1.2:8000", decision.destination(), "the other filter still holds");
        assertEquals(Fallback.PLUGIN_FAILED, decision.fallback());
    }

    @Test
    void scoresAreClampedAndNanCountsNothing() {
        Profile profile = new Profile(
                "p",
                List.of(),
                List.of(
                        new Profile.Weighted(round -> new double[] {Double.NaN, -7}, 1),
                        new Profile.Weighted(round -> new double[] {12, 0.5}, 2)),
                Pickers.HIGHEST);
        Choice choice = decide(profile).choice();
        assertEquals(-2, choice.costs()[0]);
        assertEquals(-1, choice.costs()[1]);
    }

    @Test
    void aBrokenModelFallsToTheLowestRungToo() {
        ServingModel model = TestModels.work();
        Ladder ladder =
                new Ladder(new LmetricPolicy(), Objective.OWN_LATENCY, Exploration.NONE, Duration.ofDays(1), true);
        Rungs rungs = new Rungs(ladder, true, faults, PluginWatch.NONE);
        Decision.Routed decision = rungs.pick(
                        Profile.DEFAULT, rounds.round(model, LatencySettings.DEFAULT, 1), (all, predictions) -> {
                            throw new IllegalStateException("broken on purpose");
                        })
                .orElseThrow();
        assertEquals(Fallback.PLUGIN_FAILED, decision.fallback());
    }

    @Property(tries = 200)
    void theDefaultProfilePicksLikeTheHeuristicPolicy(
            @ForAll @Size(4) List<@IntRange(max = 20) Integer> queues,
            @ForAll @Size(4) List<@DoubleRange(max = 1) Double> usage,
            @ForAll @IntRange(max = 10) int held) {
        Rounds any = new Rounds();
        for (int i = 0; i < 4; i++) {
            any.endpoint().scraped(queues.get(i), 0, usage.get(i));
        }
        CandidateMatrix matrix = any.holds(held).matrix();
        Choice expected = HeuristicPolicy.DEFAULT.choose(matrix, new Random(1));
        Decision.Routed decision = decide(Profile.DEFAULT, matrix, null);
        double best = expected.costs()[expected.candidate()];
        assertEquals(best, expected.costs()[decision.choice().candidate()], 1e-9);
        assertEquals(expected.propensity(), decision.choice().propensity(), 1e-9);
    }

    private static Profile profile(Scorer scorer) {
        return new Profile("p", List.of(), List.of(new Profile.Weighted(scorer, 1)), Pickers.HIGHEST);
    }

    private Decision.Routed decide(Profile profile) {
        return decide(profile, rounds.matrix(), null);
    }

    private Decision.Routed decide(Profile profile, CandidateMatrix matrix, @Nullable ServingModel model) {
        Ladder ladder =
                new Ladder(new LmetricPolicy(), Objective.OWN_LATENCY, Exploration.NONE, Duration.ofDays(1), false);
        ProfileScheduler scheduler = new ProfileScheduler(
                ProfileHandlers.SINGLE,
                Map.of(profile.name(), profile),
                new Rungs(ladder, true, faults, PluginWatch.NONE),
                LatencySettings.DEFAULT);
        Decision decision = scheduler.schedule(matrix, Rounds.moment(model, 1));
        return assertInstanceOf(Decision.Routed.class, decision);
    }
}
