package dev.presage.router.plugin.report;

import dev.presage.router.plugin.Reply;
import dev.presage.router.plugin.ReplyPlugin;
import java.util.Map;

/** Tells the client who served it, as the gateway says. For conformance tests only. */
record ServedVerifier() implements ReplyPlugin {
    private static final String HEADER = "x-conformance-test-served-endpoint";

    @Override
    public Map<String, String> headers(Reply reply) {
        return Map.of(HEADER, served(reply));
    }

    private static String served(Reply reply) {
        if (!reply.balanced()) {
            return "fail: missing envoy lb metadata";
        }
        return reply.servedBy().isEmpty() ? "fail: missing destination endpoint served metadata" : reply.servedBy();
    }
}
