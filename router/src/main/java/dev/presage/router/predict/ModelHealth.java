package dev.presage.router.predict;

import dev.presage.router.observe.Outcome;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How the served model has done lately, prequentially: each outcome is compared with what was predicted when it was decided.
 * Updated by any thread under its own lock; {@link #calibrated} and {@link #withinBudget} read volatiles. Bounded by the
 * last {@value #WINDOW} outcomes.
 */
public final class ModelHealth {
    private static final int WINDOW = 200;
    private static final int ENOUGH = 100;
    /** The median error that is out of bounds: an answer off by this factor ranks candidates no better than a count. */
    private static final double MAX_LOG_ERROR = Math.log(2);
    /** A decision that takes longer costs more than the pick can gain. */
    private static final long BUDGET_NANOS = 20_000_000;

    /** One slow decision is a thread held up by a collection or a neighbour; this many in a row are the model's doing. */
    private static final int SLOW_IN_A_ROW = 10;

    private static final long PAUSE_NANOS = 1_000_000_000;

    private final double[] errors = new double[WINDOW];
    private String bundleId = "";
    private int seen;
    private final AtomicInteger slow = new AtomicInteger();
    private volatile boolean calibrated = true;
    private volatile long pausedUntilNanos = Long.MIN_VALUE;

    /** A decision of the model took this long. Too many slow ones in a row, and the next go without a model for a while. */
    public void took(long nanos, long nowNanos) {
        if (nanos <= BUDGET_NANOS) {
            if (slow.get() != 0) {
                slow.set(0);
            }
        } else if (slow.incrementAndGet() >= SLOW_IN_A_ROW) {
            slow.set(0);
            pausedUntilNanos = nowNanos + PAUSE_NANOS;
        }
    }

    /**
     * A request ended. Outcomes that the model did not predict, those of an earlier model and those of another endpoint do not
     * count.
     */
    public synchronized void ended(Outcome outcome) {
        Predictions predictions = outcome.decision().choice().predictions();
        Double ttftMs = outcome.ttftMs();
        if (predictions == null
                || ttftMs == null
                || !outcome.asChosen()
                || !outcome.decision().choice().bundleId().equals(bundleId)) {
            return;
        }
        double predicted =
                predictions.locationMs(Target.TTFT, outcome.decision().choice().candidate());
        errors[seen++ % WINDOW] = Math.abs(Math.log(Math.max(ttftMs, 0.01) / predicted));
        if (seen >= ENOUGH && seen % 10 == 0) {
            double[] sorted = Arrays.copyOf(errors, Math.min(seen, WINDOW));
            Arrays.sort(sorted);
            calibrated = sorted[sorted.length / 2] <= MAX_LOG_ERROR;
        }
    }

    /** Another model serves: its record starts clean. */
    public synchronized void serves(String newBundleId) {
        bundleId = newBundleId;
        seen = 0;
        calibrated = true;
    }

    /** False while the median error of the last outcomes is out of bounds. */
    public boolean calibrated() {
        return calibrated;
    }

    /** False for a second after too many decisions in a row took too long. */
    public boolean withinBudget(long nowNanos) {
        return nowNanos >= pausedUntilNanos;
    }
}
