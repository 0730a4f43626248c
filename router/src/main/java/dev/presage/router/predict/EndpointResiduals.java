package dev.presage.router.predict;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.observe.Outcome;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.store.predict.OnlineCoverage;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.QuantileShifts;
import dev.presage.store.predict.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many times slower than the model in service says each endpoint has been lately: a throttled GPU, or a replica of a class that
 * the model never saw, is noticed within a few outcomes instead of at the next training. The median of the logarithm over the last
 * ones, the older the lighter, because one burst that the model misjudged is no slow endpoint; shrunk towards none, because few
 * outcomes prove little.
 *
 * <p>First tokens come from any thread, under one lock; {@link #factor} takes none. Bounded by {@value #KEPT} first tokens for each
 * address, and addresses that were silent for ten minutes go when a new one comes. Beside it the model's quantiles are kept to their
 * word, see {@link OnlineCoverage}.
 */
public final class EndpointResiduals {
    private static final int KEPT = 5;
    /** Outcomes that are so much older than the last one count a third of it. */
    private static final double MEMORY_NANOS = 60e9;
    /** So long after the last outcome what is known has a third of its weight: a slow endpoint is picked seldom, and still slow. */
    private static final double FADING_NANOS = 300e9;
    /** Models that served here lately: replies that they decided may still come. */
    private static final int MODELS = 8;

    private static final long SILENT_NANOS = 600_000_000_000L;
    /** Errors below this are the model's usual ones, and correcting them would add noise to it. */
    private static final double USUAL = 0.2;

    /** Outcomes that speak for the model from the start. */
    private static final double PRIOR = 0.5;

    private static final double CLIP = Math.log(8);

    /** One first token; its row is kept so that the next model can be asked, too. */
    private record Seen(float[] row, String endpointClass, double ttftMs, double error, long atNanos) {
        Seen judgedBy(@Nullable ServingModel model) {
            return new Seen(row, endpointClass, ttftMs, logError(model, row, endpointClass, ttftMs), atNanos);
        }
    }

    private record Account(List<Seen> seen, double median, double weight, long atNanos) {}

    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private @Nullable ServingModel model;
    private final OnlineCoverage coverage = new OnlineCoverage();
    private final Deque<String> served = new ArrayDeque<>();

    /** Another model serves: what was seen is judged by it. */
    public synchronized void serves(@Nullable ServingModel next) {
        model = next;
        if (next != null) {
            coverage.serves(next.predictor());
            served.addFirst(next.bundleId());
        }
        if (served.size() > MODELS) {
            served.removeLast();
        }
        accounts.replaceAll((address, account) ->
                account(account.seen().stream().map(one -> one.judgedBy(next)).toList()));
    }

    /** A first token came; one from elsewhere than decided says nothing. */
    public synchronized void firstToken(Decision.Routed decision, String servedBy, double ttftMs, long nowNanos) {
        Endpoint endpoint = decision.endpoint();
        if (!servedBy.equals(endpoint.address())) {
            return;
        }
        List<Seen> seen = new ArrayList<>(KEPT + 1);
        Account known = accounts.get(endpoint.address());
        if (known == null) {
            accounts.values().removeIf(account -> nowNanos - account.atNanos() > SILENT_NANOS);
        } else {
            seen.addAll(known.seen());
        }
        float[] row = decision.candidates().row(decision.choice().candidate());
        double actual = Math.max(0.01, ttftMs);
        covered(decision.choice(), Target.TTFT, actual);
        seen.add(new Seen(row, endpoint.endpointClass(), actual, error(decision, row, actual), nowNanos));
        if (seen.size() > KEPT) {
            seen.removeFirst();
        }
        accounts.put(endpoint.address(), account(seen));
    }

    /** A request ended. */
    public synchronized void ended(Outcome outcome) {
        Double tpotMs = outcome.tpotMs();
        if (tpotMs != null && tpotMs > 0 && outcome.asChosen()) {
            covered(outcome.decision().choice(), Target.TPOT, tpotMs);
        }
    }

    private void covered(Choice choice, Target target, double ms) {
        Predictions predictions = choice.predictions();
        if (predictions != null && served.contains(choice.bundleId())) {
            coverage.saw(predictions, target, choice.candidate(), ms);
        }
    }

    /** How far quantiles are to be moved now. */
    QuantileShifts shifts() {
        return coverage.shifts();
    }

    /** How many times slower than the model says this endpoint is to be taken to be now; 1 while nothing speaks against the model. */
    double factor(Endpoint endpoint, long nowNanos) {
        Account account = accounts.get(endpoint.address());
        if (account == null || Math.abs(account.median()) < USUAL) {
            return 1;
        }
        double faded = Math.exp(-Math.max(0, nowNanos - account.atNanos()) / FADING_NANOS);
        double weight = account.weight() * faded;
        return Math.exp(account.median() * weight / (weight + PRIOR));
    }

    /** Without the correction that the decision was made with; the model is asked only when another one decided. */
    private double error(Decision.Routed decision, float[] row, double ttftMs) {
        Choice choice = decision.choice();
        ServingModel judge = model;
        Predictions predictions = choice.predictions();
        if (judge == null || predictions == null || !judge.bundleId().equals(choice.bundleId())) {
            return logError(judge, row, decision.endpoint().endpointClass(), ttftMs);
        }
        return clipped(predictions.slowness(choice.candidate(), ttftMs));
    }

    private static double logError(@Nullable ServingModel judge, float[] row, String endpointClass, double ttftMs) {
        if (judge == null) {
            return 0;
        }
        Predictions said = new Predictions();
        judge.predictor().predict(row, new int[] {judge.predictor().classIndex(endpointClass)}, 1, said);
        return clipped(said.slowness(0, ttftMs));
    }

    private static double clipped(double ratio) {
        return Math.clamp(Math.log(ratio), -CLIP, CLIP);
    }

    private static Account account(List<Seen> seen) {
        long last = seen.getLast().atNanos();
        List<Seen> ascending = new ArrayList<>(seen);
        ascending.sort(Comparator.comparingDouble(Seen::error));
        double weight = 0;
        for (Seen one : seen) {
            weight += light(one, last);
        }
        double below = 0;
        double median = 0;
        for (Seen one : ascending) {
            below += light(one, last);
            median = one.error();
            if (below >= weight / 2) {
                break;
            }
        }
        return new Account(List.copyOf(seen), median, weight, last);
    }

    private static double light(Seen one, long nowNanos) {
        return Math.exp((one.atNanos() - nowNanos) / MEMORY_NANOS);
    }
}
