package dev.presage.router.observe;

import java.util.Set;

/**
 * Gathers an engine's usage from its members, in the spellings of OpenAI's chat and responses APIs and of Anthropic's messages
 * API. A later report replaces an earlier one, member by member.
 */
final class UsageFields {
    static final Set<String> NAMES = Set.of(
            "prompt_tokens",
            "input_tokens",
            "completion_tokens",
            "output_tokens",
            "cached_tokens",
            "cache_read_input_tokens",
            "cache_creation_input_tokens");

    private int prompt = -1;
    private int output = -1;
    private int cached = -1;
    private int cacheRead;
    private int cacheCreated;

    /** A number was met under {@code name} inside a usage object or its details. */
    void number(String name, double value) {
        int count = (int) Math.clamp(value, 0, Integer.MAX_VALUE);
        switch (name) {
            case "prompt_tokens", "input_tokens" -> prompt = count;
            case "completion_tokens", "output_tokens" -> output = count;
            case "cached_tokens" -> cached = count;
            case "cache_read_input_tokens" -> cacheRead = count;
            case "cache_creation_input_tokens" -> cacheCreated = count;
            default -> {}
        }
    }

    /** Anthropic counts what it read from or wrote to its cache beside the input, the others within. */
    Usage usage() {
        if (prompt < 0) {
            return new Usage(-1, cached, output);
        }
        long all = (long) prompt + cacheRead + cacheCreated;
        int known = cached >= 0 ? cached : cacheRead > 0 ? cacheRead : -1;
        return new Usage((int) Math.min(all, Integer.MAX_VALUE), known, output);
    }
}
