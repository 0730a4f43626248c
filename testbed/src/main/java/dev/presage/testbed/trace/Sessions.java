package dev.presage.testbed.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes up who continues whose conversation in a trace that does not say: most prompts that are long enough begin with an
 * earlier prompt and its answer. Keeps the trace's times and lengths.
 */
final class Sessions {
    /** Share of prompts that continue a conversation, where one fits. */
    private static final double CONTINUES = 0.7;

    private static final int OPEN = 200;

    private record Session(int tokens, long[] ids) {}

    private Sessions() {}

    static List<TraceRequest> over(List<TraceRequest> trace, SplittableRandom random) {
        List<Session> open = new ArrayList<>();
        List<TraceRequest> told = new ArrayList<>(trace.size());
        long nextId = 1;
        for (TraceRequest request : trace) {
            int from = random.nextDouble() < CONTINUES ? fitting(open, request.promptTokens(), random) : -1;
            long[] before = from < 0 ? new long[0] : open.remove(from).ids();
            long[] ids = Workload.extended(before, request.promptTokens(), nextId);
            nextId += ids.length + 1;
            told.add(new TraceRequest(
                    request.position(), request.arrivalMs(), request.promptTokens(), request.outputTokens(), ids));
            open.add(new Session(request.promptTokens() + request.outputTokens(), ids));
            if (open.size() > OPEN) {
                open.removeFirst();
            }
        }
        return told;
    }

    /** A conversation that is shorter than the prompt, the longest of a few drawn; -1 for none. */
    private static int fitting(List<Session> open, int promptTokens, SplittableRandom random) {
        int best = -1;
        for (int draw = 0; draw < 8 && !open.isEmpty(); draw++) {
            int i = random.nextInt(open.size());
            int tokens = open.get(i).tokens();
            if (tokens < promptTokens && (best < 0 || tokens > open.get(best).tokens())) {
                best = i;
            }
        }
        return best;
    }
}
