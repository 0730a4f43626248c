package dev.presage.router.request;

import java.util.List;

/**
 * The request bodies that the router reads, by the end of their path: where the prompt is, what bounds the output, and what
 * the contract says when the prompt is missing. A suffix matches whole path segments only.
 */
enum BodyShape {
    CHAT(
            Api.CHAT,
            "messages",
            "invalid chat completions request: must have valid messages field",
            List.of("chat/completions", "chat/completions/render")),
    COMPLETIONS(
            Api.COMPLETIONS,
            "prompt",
            "invalid completions request: must have prompt field",
            List.of("completions", "completions/render")),
    RESPONSES(Api.RESPONSES, "input", "invalid responses request: must have input field", List.of("responses")),
    CONVERSATIONS(
            Api.RESPONSES, "items", "invalid conversations request: must have items field", List.of("conversations")),
    EMBEDDINGS(Api.EMBEDDINGS, "input", "invalid embeddings request: must have input field", List.of("embeddings")),
    IMAGES(
            Api.OPAQUE,
            "prompt",
            "invalid images generations request: must have prompt field",
            List.of("images/generations")),
    MESSAGES(Api.MESSAGES, "messages", "invalid messages request: must have valid messages field", List.of("messages")),
    GENERATE(
            Api.GENERATE,
            "token_ids",
            "invalid generate request: must have token_ids field",
            List.of("inference/v1/generate")),
    /** Forwarded without looking inside. */
    OPAQUE(Api.OPAQUE, "", "", List.of());

    final Api api;
    final String promptField;
    final String complaint;
    private final List<String> suffixes;

    BodyShape(Api api, String promptField, String complaint, List<String> suffixes) {
        this.api = api;
        this.promptField = promptField;
        this.complaint = complaint;
        this.suffixes = suffixes;
    }

    /** The shape with the longest suffix that the path ends in; the query string does not count. */
    static BodyShape ofPath(String path) {
        int query = path.indexOf('?');
        String plain = query < 0 ? path : path.substring(0, query);
        BodyShape best = OPAQUE;
        int longest = 0;
        for (BodyShape shape : values()) {
            for (String suffix : shape.suffixes) {
                if (suffix.length() > longest && (plain.endsWith("/" + suffix) || plain.equals(suffix))) {
                    best = shape;
                    longest = suffix.length();
                }
            }
        }
        return best;
    }

    /** Whether the prompt is a list of turns, which must have at least one. */
    boolean promptIsList() {
        return this == CHAT || this == MESSAGES || this == CONVERSATIONS;
    }
}
