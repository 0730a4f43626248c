package dev.presage.router.request;

/** The protocol that a request speaks; decides how prompt and usage are read. */
public enum Api {
    CHAT,
    COMPLETIONS,
    RESPONSES,
    EMBEDDINGS,
    MESSAGES,
    GENERATE,
    /** Routed without looking inside. */
    OPAQUE
}
