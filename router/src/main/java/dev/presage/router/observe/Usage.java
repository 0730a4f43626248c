package dev.presage.router.observe;

/** Token counts as the engine reported them; negative where it did not say. */
public record Usage(int promptTokens, int cachedTokens, int outputTokens) {
    public static final Usage UNKNOWN = new Usage(-1, -1, -1);
}
