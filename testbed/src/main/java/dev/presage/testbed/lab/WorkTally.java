package dev.presage.testbed.lab;

import dev.presage.testbed.trace.TraceRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts what engines compute from {@code fromMs} to {@code toMs}, and of prompts whose it was: the request's own, an earlier one's of the
 * same conversation that was not computed by then, or what had been computed already. By blocks of 512 tokens, which the trace names.
 */
final class WorkTally {
    private final double fromMs;
    private final double toMs;
    private final Map<Long, Integer> firstAsked = new HashMap<>();
    private final Set<Long> computed = new HashSet<>();
    private double asked;
    private double putOff;
    private double again;
    private double output;
    private double busyMs;

    WorkTally(double fromMs, double toMs) {
        this.fromMs = fromMs;
        this.toMs = toMs;
    }

    private boolean counts(double ms) {
        return ms >= fromMs && ms < toMs;
    }

    void arrived(TraceRequest request) {
        for (long block : request.hashIds()) {
            firstAsked.putIfAbsent(block, request.position());
        }
    }

    void prompt(TraceRequest request, int cachedTokens, double nowMs) {
        long[] blocks = request.hashIds();
        for (int i = 0; i < blocks.length; i++) {
            int begins = Math.max(cachedTokens, i * TraceRequest.HASH_ID_TOKENS);
            int tokens = Math.min(request.promptTokens(), (i + 1) * TraceRequest.HASH_ID_TOKENS) - begins;
            boolean before = !computed.add(blocks[i]);
            if (tokens > 0 && counts(nowMs)) {
                boolean own = firstAsked.getOrDefault(blocks[i], request.position()) == request.position();
                again += before ? tokens : 0;
                asked += !before && own ? tokens : 0;
                putOff += !before && !own ? tokens : 0;
            }
        }
    }

    void token(double nowMs) {
        output += counts(nowMs) ? 1 : 0;
    }

    void worked(double sinceMs, double untilMs) {
        busyMs += Math.max(0, Math.min(untilMs, toMs) - Math.max(sinceMs, fromMs));
    }

    WorkDone done() {
        double seconds = (toMs - fromMs) / 1e3;
        return new WorkDone(
                busyMs / (toMs - fromMs), asked / seconds, putOff / seconds, again / seconds, output / seconds);
    }
}
