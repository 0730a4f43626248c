package dev.presage.router.request;

/** The protocol that a request speaks; decides how prompt and usage are read. */
public enum Api {
    CHAT(1),
    COMPLETIONS(2),
    RESPONSES(3),
    EMBEDDINGS(4),
    MESSAGES(5),
    GENERATE(6),
    /** Routed without looking inside. */
    OPAQUE(0);

    private final int category;

    Api(int category) {
        this.category = category;
    }

    /** What stands for it in feature rows; never given to another one, as logs and bundles hold it. */
    public int category() {
        return category;
    }
}
