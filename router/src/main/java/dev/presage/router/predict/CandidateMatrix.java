package dev.presage.router.predict;

import static dev.presage.pipeline.features.Feature.DECODING_CONTEXT;
import static dev.presage.pipeline.features.Feature.DECODING_REQUESTS;
import static dev.presage.pipeline.features.Feature.KV_USAGE;
import static dev.presage.pipeline.features.Feature.LORA_MISS;
import static dev.presage.pipeline.features.Feature.MAX_TOKENS;
import static dev.presage.pipeline.features.Feature.OWN_ATTENTION;
import static dev.presage.pipeline.features.Feature.PENDING_ATTENTION;
import static dev.presage.pipeline.features.Feature.PENDING_REQUESTS;
import static dev.presage.pipeline.features.Feature.PENDING_TOKENS;
import static dev.presage.pipeline.features.Feature.PREFILL_RATE;
import static dev.presage.pipeline.features.Feature.PROMPT_TOKENS;
import static dev.presage.pipeline.features.Feature.RUNNING;
import static dev.presage.pipeline.features.Feature.STALLED_MS;
import static dev.presage.pipeline.features.Feature.UNCACHED_TOKENS;
import static dev.presage.pipeline.features.Feature.WAITING;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.router.fleet.EndpointState;
import dev.presage.router.fleet.EndpointTwin;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.FleetSnapshot;
import dev.presage.router.fleet.QueueState;
import dev.presage.router.prefix.PrefixIndex;
import dev.presage.router.request.InferenceRequest;
import dev.presage.store.predict.QuantileShifts;
import java.util.Arrays;

/**
 * All candidates of one decision: the endpoints' states, how much of the prompt each is believed to hold, and one feature row
 * each. What is decided on is what is logged. Immutable once built; made by the deciding thread.
 */
public final class CandidateMatrix {
    private static final double MILLION = 1e-6;

    private final InferenceRequest request;
    private final FleetSnapshot fleet;
    private final int[] cachedTokens;
    private final float[] rows;
    private final boolean[] fresh;
    private final double[] corrections;
    private final double[] displacement;
    private final QuantileShifts shifts;
    private final Aim aim;

    private CandidateMatrix(
            InferenceRequest request,
            FleetSnapshot fleet,
            int[] cachedTokens,
            float[] rows,
            boolean[] fresh,
            double[] corrections,
            double[] displacement,
            QuantileShifts shifts,
            Aim aim) {
        this.request = request;
        this.fleet = fleet;
        this.cachedTokens = cachedTokens;
        this.rows = rows;
        this.fresh = fresh;
        this.corrections = corrections;
        this.displacement = displacement;
        this.shifts = shifts;
        this.aim = aim;
    }

    /** Fills one row per endpoint of {@code fleet}; signals older than {@code maxAgeNanos} count as unknown. */
    public static CandidateMatrix of(
            InferenceRequest request,
            FleetSnapshot fleet,
            PrefixIndex index,
            EndpointResiduals residuals,
            long nowNanos,
            long maxAgeNanos) {
        int count = fleet.size();
        int[] cached = index.match(fleet, request.prefixBlocks());
        float[] rows = new float[count * FeatureSchema.SIZE];
        boolean[] fresh = new boolean[count];
        boolean adapter = fleet.isAdapter(request.model());
        double[] corrections = new double[count];
        for (int i = 0; i < count; i++) {
            EndpointState state = fleet.get(i);
            cached[i] = Math.min(cached[i] * InferenceRequest.BLOCK_TOKENS, Math.max(0, request.promptTokens() - 1));
            fresh[i] = state.signals().fresh(nowNanos, maxAgeNanos);
            corrections[i] = residuals.factor(state.endpoint(), nowNanos);
            fill(rows, i * FeatureSchema.SIZE, request, state, cached[i], nowNanos, fresh[i]);
            if (adapter) {
                set(rows, i * FeatureSchema.SIZE, LORA_MISS, state.signals().adapterMiss(request.model()));
            }
        }
        return new CandidateMatrix(
                request,
                fleet,
                cached,
                rows,
                fresh,
                corrections,
                index.displacement(fleet),
                residuals.shifts(),
                Aim.NONE);
    }

    /**
     * A decision's candidates read back from where they were logged, for a replay; the arrays are taken over.
     *
     * @param cachedTokens one per endpoint
     * @param rows row-major, {@link FeatureSchema#SIZE} columns per endpoint
     * @param fresh whether each endpoint had been scraped lately
     * @param corrections how many times slower than learned each endpoint was taken to be
     */
    public static CandidateMatrix logged(
            InferenceRequest request,
            FleetSnapshot fleet,
            int[] cachedTokens,
            float[] rows,
            boolean[] fresh,
            double[] corrections) {
        int count = fleet.size();
        if (cachedTokens.length != count || fresh.length != count || rows.length != count * FeatureSchema.SIZE) {
            throw new IllegalArgumentException(cachedTokens.length + " cached counts and " + rows.length
                    + " features do not fit " + count + " candidates of " + FeatureSchema.SIZE);
        }
        return new CandidateMatrix(
                request,
                fleet,
                cachedTokens,
                rows,
                fresh,
                corrections,
                new double[count],
                QuantileShifts.NONE,
                Aim.NONE);
    }

    /** The candidates at these places, in that order; each keeps what it was known by. */
    public CandidateMatrix only(int[] places) {
        int[] cached = new int[places.length];
        float[] kept = new float[places.length * FeatureSchema.SIZE];
        boolean[] scraped = new boolean[places.length];
        double[] own = new double[places.length];
        double[] displaced = new double[places.length];
        for (int i = 0; i < places.length; i++) {
            cached[i] = cachedTokens[places[i]];
            scraped[i] = fresh[places[i]];
            own[i] = corrections[places[i]];
            displaced[i] = displacement[places[i]];
            System.arraycopy(rows, places[i] * FeatureSchema.SIZE, kept, i * FeatureSchema.SIZE, FeatureSchema.SIZE);
        }
        return new CandidateMatrix(request, fleet.only(places), cached, kept, scraped, own, displaced, shifts, aim);
    }

    /** The same candidates, picked among for these targets. */
    public CandidateMatrix aimedAt(Aim other) {
        return new CandidateMatrix(request, fleet, cachedTokens, rows, fresh, corrections, displacement, shifts, other);
    }

    /** The same candidates, each of which displaces so much, as {@link #displacement} says; the array is taken over. */
    public CandidateMatrix displacing(double[] other) {
        return new CandidateMatrix(request, fleet, cachedTokens, rows, fresh, corrections, other, shifts, aim);
    }

    /** The same candidates for another model, corrected by what its own errors have been. */
    public CandidateMatrix correctedBy(EndpointResiduals residuals, long nowNanos) {
        double[] own = new double[size()];
        for (int i = 0; i < own.length; i++) {
            own[i] = residuals.factor(state(i).endpoint(), nowNanos);
        }
        return new CandidateMatrix(
                request, fleet, cachedTokens, rows, fresh, own, displacement, residuals.shifts(), aim);
    }

    private static void fill(
            float[] rows,
            int offset,
            InferenceRequest request,
            EndpointState state,
            int cached,
            long nowNanos,
            boolean fresh) {
        QueueState queue = state.queue();
        EngineSignals signals = state.signals();
        int prompt = request.promptTokens();
        set(rows, offset, PROMPT_TOKENS, prompt);
        set(rows, offset, MAX_TOKENS, request.maxTokens());
        set(rows, offset, UNCACHED_TOKENS, prompt - cached);
        set(rows, offset, OWN_ATTENTION, EndpointTwin.attention(prompt, cached) * MILLION);
        set(rows, offset, PENDING_TOKENS, queue.pendingTokens());
        set(rows, offset, PENDING_ATTENTION, queue.pendingAttention() * MILLION);
        set(rows, offset, PENDING_REQUESTS, queue.pendingRequests());
        set(rows, offset, STALLED_MS, queue.stalledMs(nowNanos));
        set(rows, offset, DECODING_REQUESTS, queue.decodingRequests());
        set(rows, offset, DECODING_CONTEXT, queue.decodingContext());
        set(
                rows,
                offset,
                PREFILL_RATE,
                EndpointTwin.rateAt(queue.prefillTokensPerSecond(), queue.rateNanos(), nowNanos));
        set(rows, offset, WAITING, fresh ? signals.waiting() : queue.pendingRequests());
        set(rows, offset, RUNNING, fresh ? signals.running() : queue.decodingRequests());
        set(rows, offset, KV_USAGE, fresh ? signals.kvUsage() : 0);
    }

    private static void set(float[] rows, int offset, Feature feature, double value) {
        rows[offset + feature.ordinal()] = (float) value;
    }

    public InferenceRequest request() {
        return request;
    }

    public int size() {
        return fleet.size();
    }

    /** The candidates' endpoints. */
    public FleetSnapshot fleet() {
        return fleet;
    }

    public EndpointState state(int candidate) {
        return fleet.get(candidate);
    }

    /** Prompt tokens that the candidate is believed to hold. */
    public int cachedTokens(int candidate) {
        return cachedTokens[candidate];
    }

    /** Whether the candidate was scraped lately. */
    public boolean fresh(int candidate) {
        return fresh[candidate];
    }

    /** How many times slower than the model learned the candidate's endpoint is, by its own latest errors. */
    public double correction(int candidate) {
        return corrections[candidate];
    }

    /** How many tokens must be computed again later for each token that the candidate computes, because of what it evicts. */
    public double displacement(int candidate) {
        return displacement[candidate];
    }

    /** How far the model's quantiles are moved by their latest coverage. */
    public QuantileShifts shifts() {
        return shifts;
    }

    /** Where an endpoint stands among the candidates; -1 where it is none of them. */
    public int place(String endpointId) {
        for (int i = 0; i < size(); i++) {
            if (state(i).endpoint().id().equals(endpointId)) {
                return i;
            }
        }
        return -1;
    }

    /** The part of a TTFT on this candidate that is the request's own prefill: its share of the work in front of its first token. */
    public double ownMs(int candidate, double ttftMs) {
        double own = get(candidate, Feature.UNCACHED_TOKENS);
        return ttftMs * own / Math.max(1, own + get(candidate, Feature.PENDING_TOKENS));
    }

    /** Tokens to be computed on this candidate until the request's first one, its own counted so many times. */
    public double tokensAhead(int candidate, double ownTimes) {
        return get(candidate, Feature.PENDING_TOKENS) + ownTimes * get(candidate, Feature.UNCACHED_TOKENS);
    }

    /** One feature of one candidate. */
    public float get(int candidate, Feature feature) {
        return rows[candidate * FeatureSchema.SIZE + feature.ordinal()];
    }

    /** A copy of one candidate's row, in schema order. */
    public float[] row(int candidate) {
        int offset = candidate * FeatureSchema.SIZE;
        return Arrays.copyOfRange(rows, offset, offset + FeatureSchema.SIZE);
    }

    /** What the pick is to keep. */
    public Aim aim() {
        return aim;
    }

    /** The strictest TPOT target of the requests that the candidate has in flight, in milliseconds; infinite for none. */
    public double runningTpotMs(int candidate) {
        return fleet.get(candidate).queue().strictestTpotMs();
    }

    /** All rows, row-major; not to be modified. */
    public float[] rows() {
        return rows;
    }
}
