package dev.presage.testbed.quickstart;

import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import org.jspecify.annotations.Nullable;

/** Tells the scoreboard of one arm's picks, and of predictions once their outcome is known. Thread-safe. */
final class ScoreboardListener implements RoutingListener {
    private final Scoreboard scoreboard;
    private final Arm arm;
    private final double speedUp;

    ScoreboardListener(Scoreboard scoreboard, Arm arm, double speedUp) {
        this.scoreboard = scoreboard;
        this.arm = arm;
        this.speedUp = speedUp;
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        scoreboard.picked(arm, decision.endpoint().id());
    }

    @Override
    public void ended(Outcome outcome) {
        Predictions predictions = outcome.decision().choice().predictions();
        Double ttft = outcome.ttftMs();
        if (predictions == null || ttft == null || outcome.cause() != EndCause.COMPLETED) {
            return;
        }
        int row = outcome.decision().choice().candidate();
        @Nullable Double tpot = outcome.tpotMs();
        scoreboard.paired(new PredictionPair(
                scoreboard.elapsedSeconds(),
                outcome.decision().choice().bundleId(),
                speedUp * predictions.locationMs(Target.TTFT, row),
                speedUp * quantile(predictions, row, 0.9),
                speedUp * ttft,
                speedUp * predictions.locationMs(Target.TPOT, row),
                tpot == null ? Double.NaN : speedUp * tpot));
    }

    private static double quantile(Predictions predictions, int row, double level) {
        double[] levels = predictions.levels();
        for (int i = 0; i < levels.length; i++) {
            if (Math.abs(levels[i] - level) < 1e-9) {
                return predictions.quantileMs(Target.TTFT, row, i);
            }
        }
        return Double.NaN;
    }
}
