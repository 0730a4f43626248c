package dev.presage.pipeline.features;

/**
 * One column of the feature row; the ordinal is its position. Values are floats, never NaN: a signal that is unknown is
 * replaced by the router's own accounting, as each constant says. Columns are only ever appended, see {@link FeatureSchema}.
 *
 * <p>"Attention work" is the number of (token, context token) pairs that a prefill computes: with {@code c} cached of
 * {@code p} prompt tokens it is {@code (p*p - c*c) / 2}, here in millions.
 */
public enum Feature {
    /** Prompt length in tokens, estimated by the router. */
    PROMPT_TOKENS("prompt_tokens", Scope.REQUEST, true),
    /** The client's bound on output tokens; 0 when it gave none. */
    MAX_TOKENS("max_tokens", Scope.REQUEST, false),
    /** Prompt tokens that the prefix index does not expect in this endpoint's cache. */
    UNCACHED_TOKENS("uncached_tokens", Scope.CANDIDATE, true),
    /** Attention work of this request's own prefill, in millions of pairs. */
    OWN_ATTENTION("own_attention_m", Scope.CANDIDATE, true),
    /** Uncached tokens already sent to the endpoint in requests whose first token has not come back. */
    PENDING_TOKENS("pending_tokens", Scope.CANDIDATE, true),
    /** Attention work of those requests, in millions of pairs. */
    PENDING_ATTENTION("pending_attention_m", Scope.CANDIDATE, true),
    /** How many such requests there are. */
    PENDING_REQUESTS("pending_requests", Scope.CANDIDATE, true),
    /**
     * Milliseconds since the endpoint last made visible progress on that queue, no more than the prefill of its oldest request was
     * predicted to take; 0 when the queue is empty.
     */
    STALLED_MS("stalled_ms", Scope.CANDIDATE, false),
    /** Requests past their first token and not yet ended. */
    DECODING_REQUESTS("decoding_requests", Scope.CANDIDATE, true),
    /** Context tokens of those requests (prompt plus output so far). */
    DECODING_CONTEXT("decoding_context", Scope.CANDIDATE, true),
    /** Uncached prompt tokens per second sent to the endpoint lately (exponential average). */
    PREFILL_RATE("prefill_rate", Scope.CANDIDATE, false),
    /** Waiting requests as scraped; the router's own pending count when unknown or stale. */
    WAITING("waiting", Scope.CANDIDATE, true),
    /** Running requests as scraped; the router's own decoding count when unknown or stale. */
    RUNNING("running", Scope.CANDIDATE, true),
    /** KV cache usage, 0 to 1, as scraped; 0 when unknown. */
    KV_USAGE("kv_usage", Scope.CANDIDATE, true),
    /**
     * Share of the load of the request's LoRA adapter that is still to come: 0 when it is in memory there or the request asks for
     * none, 0.5 when other requests wait for it there already, else 1. Does not fade with the age of the scrape.
     */
    LORA_MISS("lora_miss", Scope.CANDIDATE, true),
    /** Images, videos and sounds in the prompt, which the engine encodes before it computes it. */
    MEDIA_PARTS("media_parts", Scope.REQUEST, true),
    /** A category: the API that the request speaks, by a number that stays the same; 0 when nobody looked inside. */
    API("api", Scope.REQUEST, false);

    /** Whether all candidates of one decision share the value. */
    public enum Scope {
        REQUEST,
        CANDIDATE
    }

    private final String key;
    private final Scope scope;
    private final boolean load;

    Feature(String key, Scope scope, boolean load) {
        this.key = key;
        this.scope = scope;
        this.load = load;
    }

    /** Name on the wire, in manifests and in reports. */
    public String key() {
        return key;
    }

    public Scope scope() {
        return scope;
    }

    /** True when its values are names: only whether two are equal means anything. */
    public boolean isCategory() {
        return this == API;
    }

    /** True when more of it can only make the request slower: predictions are monotone in it. */
    public boolean isLoad() {
        return load;
    }
}
