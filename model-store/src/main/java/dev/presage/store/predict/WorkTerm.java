package dev.presage.store.predict;

import dev.presage.pipeline.features.Feature;

/**
 * One physical quantity that latency is proportional to: a function of the feature row, never negative, and never falling
 * when a load feature rises (but for {@link #FOREIGN_WAITING}, a difference of two). "Work" is what must be computed before the first token: the request's own prefill and all
 * that was sent to the endpoint before it. Units are thousands of tokens, millions of attention pairs, requests.
 */
public enum WorkTerm {
    ONE,
    WORK_TOKENS,
    WORK_ATTENTION,
    WORK_REQUESTS,
    /** Each prefill step also decodes every running request. */
    WORK_TOKENS_X_DECODING,
    /** Each prefill step also reads the KV cache of every running request. */
    WORK_TOKENS_X_CONTEXT,
    WORK_ATTENTION_X_DECODING,
    /** Requests waiting there that this router did not send. */
    FOREIGN_WAITING,
    DECODING,
    CONTEXT,
    KV,
    PREFILLS,
    PENDING_PREFILL,
    OWN_PREFILL,
    LORA_LOAD,
    /** What of the prompt is encoded first. */
    MEDIA;

    private static final double THOUSAND = 1e-3;

    /** Places for all of them, in fours. */
    static final int PLACES = (values().length + 3) / 4 * 4;

    /** Every term's value for the row that starts at {@code offset}, into {@code values} by ordinal. */
    public static void all(float[] rows, int offset, double[] values) {
        double pendingTokens = at(rows, offset, Feature.PENDING_TOKENS);
        double pendingRequests = at(rows, offset, Feature.PENDING_REQUESTS);
        double ownTokens = at(rows, offset, Feature.UNCACHED_TOKENS);
        double decoding = at(rows, offset, Feature.DECODING_REQUESTS);
        double context = at(rows, offset, Feature.DECODING_CONTEXT);
        double tokens = (pendingTokens + ownTokens) * THOUSAND;
        double attention = at(rows, offset, Feature.PENDING_ATTENTION) + at(rows, offset, Feature.OWN_ATTENTION);
        values[ONE.ordinal()] = 1;
        values[WORK_TOKENS.ordinal()] = tokens;
        values[WORK_ATTENTION.ordinal()] = attention;
        values[WORK_REQUESTS.ordinal()] = pendingRequests;
        values[WORK_TOKENS_X_DECODING.ordinal()] = tokens * decoding * 1e-2;
        values[WORK_TOKENS_X_CONTEXT.ordinal()] = tokens * context * 1e-5;
        values[WORK_ATTENTION_X_DECODING.ordinal()] = attention * decoding * 1e-2;
        values[FOREIGN_WAITING.ordinal()] = Math.max(0, at(rows, offset, Feature.WAITING) - pendingRequests);
        values[DECODING.ordinal()] = decoding;
        values[CONTEXT.ordinal()] = context * 1e-5;
        values[KV.ordinal()] = at(rows, offset, Feature.KV_USAGE);
        values[PREFILLS.ordinal()] = at(rows, offset, Feature.PREFILL_RATE) * THOUSAND;
        values[PENDING_PREFILL.ordinal()] = pendingTokens * THOUSAND;
        values[OWN_PREFILL.ordinal()] = ownTokens * THOUSAND;
        values[LORA_LOAD.ordinal()] = at(rows, offset, Feature.LORA_MISS);
        values[MEDIA.ordinal()] = at(rows, offset, Feature.MEDIA_PARTS);
    }

    /** The share of the work in front of the first token that is the request's own prefill, by tokens. */
    public static double ownShare(float[] rows, int offset) {
        double own = at(rows, offset, Feature.UNCACHED_TOKENS);
        return own / Math.max(1, own + at(rows, offset, Feature.PENDING_TOKENS));
    }

    private static double at(float[] rows, int offset, Feature feature) {
        return rows[offset + feature.ordinal()];
    }
}
