package dev.presage.router.plugin;

import dev.presage.router.fleet.EndpointState;
import dev.presage.router.pick.Moment;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.request.InferenceRequest;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What plugins see of one decision: the candidates that are left and, if one asks, the model's predictions, made once for all
 * of them. Made per decision and used by its thread.
 */
public final class Round {
    private final CandidateMatrix candidates;
    private final int[] origin;
    private final Whole whole;

    /** What all rounds of one decision share. */
    private static final class Whole {
        final CandidateMatrix candidates;
        final Moment moment;
        final LatencySettings latency;

        @Nullable
        Forecast forecast;

        Whole(CandidateMatrix candidates, Moment moment, LatencySettings latency) {
            this.candidates = candidates;
            this.moment = moment;
            this.latency = latency;
        }

        Forecast forecast() {
            Forecast made = forecast;
            if (made == null) {
                ServingModel model = moment.model();
                made = model == null || !latency.enabled()
                        ? Forecast.none(candidates.size())
                        : Forecast.of(candidates, model, latency);
                forecast = made;
            }
            return made;
        }
    }

    private Round(CandidateMatrix candidates, int[] origin, Whole whole) {
        this.candidates = candidates;
        this.origin = origin;
        this.whole = whole;
    }

    /** The first round of a decision, with all candidates. */
    public static Round of(CandidateMatrix candidates, Moment moment, LatencySettings latency) {
        int[] origin = new int[candidates.size()];
        for (int i = 0; i < origin.length; i++) {
            origin[i] = i;
        }
        return new Round(candidates, origin, new Whole(candidates, moment, latency));
    }

    /** The next round, with the candidates at these places. */
    public Round only(int[] places) {
        if (places.length == origin.length) {
            return this;
        }
        int[] next = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            next[i] = origin[places[i]];
        }
        return new Round(candidates.only(places), next, whole);
    }

    public CandidateMatrix candidates() {
        return candidates;
    }

    public Moment moment() {
        return whole.moment;
    }

    public int size() {
        return origin.length;
    }

    public boolean isEmpty() {
        return origin.length == 0;
    }

    public InferenceRequest request() {
        return candidates.request();
    }

    /** A header of the request by lower-case name; empty when absent. */
    public String header(String name) {
        return request().headers().getOrDefault(name, "");
    }

    public RandomGenerator random() {
        return whole.moment.random();
    }

    public EndpointState state(int candidate) {
        return candidates.state(candidate);
    }

    /** A label of the candidate; empty when absent. */
    public String label(int candidate, String key) {
        return state(candidate).endpoint().labels().getOrDefault(key, "");
    }

    /** Share of the prompt's whole blocks that the candidate is believed to hold, 0 to 1. */
    public double cachedShare(int candidate) {
        int blocks = request().prefixBlocks().length;
        double tokens = blocks * (double) InferenceRequest.BLOCK_TOKENS;
        return blocks == 0 ? 0 : Math.min(1, candidates.cachedTokens(candidate) / tokens);
    }

    /** Whether the model predicts the candidate. */
    public boolean predicted(int candidate) {
        return whole.forecast().known()[origin[candidate]];
    }

    /** Whether the model predicts any candidate of this round. */
    public boolean anyPredicted() {
        for (int i = 0; i < origin.length; i++) {
            if (predicted(i)) {
                return true;
            }
        }
        return false;
    }

    /** Predicted TTFT of a candidate that {@link #predicted} is true of. */
    public double ttftMs(int candidate) {
        return whole.forecast().ttftMs()[origin[candidate]];
    }

    /** How far its TTFT stays below the SLO. */
    public double ttftHeadroomMs(int candidate) {
        return whole.forecast().ttftHeadroomMs()[origin[candidate]];
    }

    /** How far its TPOT stays below the SLO; 0 where TPOT does not count. */
    public double tpotHeadroomMs(int candidate) {
        return whole.forecast().tpotHeadroomMs()[origin[candidate]];
    }

    /** Whether it is predicted to keep the SLOs. */
    public boolean keepsSlo(int candidate) {
        return predicted(candidate) && whole.forecast().valid()[origin[candidate]];
    }
}
