package dev.presage.router;

import dev.presage.router.pick.Decision;

/** {@code Prefer: if-available} (RFC 7240): the client wants this replica pool only if it has some of the prompt in its cache. */
final class Conditional {
    private static final String HEADER = "prefer";
    private static final String CONDITION = "if-available";
    static final Decision UNMET = new Decision.Unmet("no decode worker has the requested KV cache");

    private Conditional() {}

    static boolean met(Decision.Routed decision) {
        String preferred = decision.candidates().request().headers().get(HEADER);
        return preferred == null
                || !preferred.contains(CONDITION)
                || decision.candidates().cachedTokens(decision.choice().candidate()) > 0;
    }
}
