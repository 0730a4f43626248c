package dev.presage.store.predict;

import static dev.presage.pipeline.features.Feature.DECODING_CONTEXT;
import static dev.presage.pipeline.features.Feature.DECODING_REQUESTS;
import static dev.presage.pipeline.features.Feature.KV_USAGE;
import static dev.presage.pipeline.features.Feature.LORA_MISS;
import static dev.presage.pipeline.features.Feature.OWN_ATTENTION;
import static dev.presage.pipeline.features.Feature.PENDING_ATTENTION;
import static dev.presage.pipeline.features.Feature.PENDING_REQUESTS;
import static dev.presage.pipeline.features.Feature.PENDING_TOKENS;
import static dev.presage.pipeline.features.Feature.PREFILL_RATE;
import static dev.presage.pipeline.features.Feature.UNCACHED_TOKENS;
import static dev.presage.pipeline.features.Feature.WAITING;

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
    LORA_LOAD;

    private static final double THOUSAND = 1e-3;

    /** The term's value for the row that starts at {@code offset}. */
    public double of(float[] rows, int offset) {
        return switch (this) {
            case ONE -> 1;
            case WORK_TOKENS -> tokens(rows, offset);
            case WORK_ATTENTION -> attention(rows, offset);
            case WORK_REQUESTS -> at(rows, offset, PENDING_REQUESTS);
            case WORK_TOKENS_X_DECODING -> tokens(rows, offset) * at(rows, offset, DECODING_REQUESTS) * 1e-2;
            case WORK_TOKENS_X_CONTEXT -> tokens(rows, offset) * at(rows, offset, DECODING_CONTEXT) * 1e-5;
            case WORK_ATTENTION_X_DECODING -> attention(rows, offset) * at(rows, offset, DECODING_REQUESTS) * 1e-2;
            case FOREIGN_WAITING -> Math.max(0, at(rows, offset, WAITING) - at(rows, offset, PENDING_REQUESTS));
            case DECODING -> at(rows, offset, DECODING_REQUESTS);
            case CONTEXT -> at(rows, offset, DECODING_CONTEXT) * 1e-5;
            case KV -> at(rows, offset, KV_USAGE);
            case PREFILLS -> at(rows, offset, PREFILL_RATE) * THOUSAND;
            case PENDING_PREFILL -> at(rows, offset, PENDING_TOKENS) * THOUSAND;
            case OWN_PREFILL -> at(rows, offset, UNCACHED_TOKENS) * THOUSAND;
            case LORA_LOAD -> at(rows, offset, LORA_MISS);
        };
    }

    private static double tokens(float[] rows, int offset) {
        return (at(rows, offset, PENDING_TOKENS) + at(rows, offset, UNCACHED_TOKENS)) * THOUSAND;
    }

    private static double attention(float[] rows, int offset) {
        return at(rows, offset, PENDING_ATTENTION) + at(rows, offset, OWN_ATTENTION);
    }

    private static double at(float[] rows, int offset, Feature feature) {
        return rows[offset + feature.ordinal()];
    }
}
