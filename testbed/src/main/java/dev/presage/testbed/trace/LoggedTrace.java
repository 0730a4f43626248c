package dev.presage.testbed.trace;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.Sample;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What a pool was asked, as the event log has it: times, lengths, and how much of each prompt was found cached. The log does not say whose
 * prompt a request began with, so it is taken to be that of the latest request at the same endpoint that is long enough. Reuse that the
 * policy of that time missed is not seen. Pure.
 */
public final class LoggedTrace {
    /** Requests of an endpoint that a later one may begin like. */
    private static final int REMEMBERED = 4_096;

    private LoggedTrace() {}

    /** In the order of their decisions, from 0 ms; samples without a known number of output tokens are left out. */
    public static List<TraceRequest> of(List<Sample> samples) {
        List<Sample> known = samples.stream()
                .filter(sample -> sample.getOutputTokens() >= 1 && promptTokens(sample) >= 1)
                .sorted(Comparator.comparingLong(Sample::getDecidedAtMs).thenComparing(Sample::getRequestId))
                .toList();
        Map<String, Deque<long[]>> byEndpoint = new HashMap<>();
        List<TraceRequest> trace = new ArrayList<>();
        long nextId = 1;
        for (Sample sample : known) {
            int tokens = promptTokens(sample);
            long[] ids = new long[Math.ceilDiv(tokens, TraceRequest.HASH_ID_TOKENS)];
            Deque<long[]> before = byEndpoint.computeIfAbsent(sample.getEndpoint(), id -> new ArrayDeque<>());
            long[] start = beginning(before, Math.min(tokens, sample.getCachedTokens()) / TraceRequest.HASH_ID_TOKENS);
            System.arraycopy(start, 0, ids, 0, start.length);
            for (int i = start.length; i < ids.length; i++) {
                ids[i] = nextId++;
            }
            before.addFirst(ids);
            if (before.size() > REMEMBERED) {
                before.removeLast();
            }
            double at = sample.getDecidedAtMs() - known.getFirst().getDecidedAtMs();
            trace.add(new TraceRequest(trace.size(), at, tokens, sample.getOutputTokens(), ids));
        }
        return trace;
    }

    private static int promptTokens(Sample sample) {
        if (sample.getPromptTokens() > 0) {
            return sample.getPromptTokens();
        }
        return FeatureSchema.columns(sample.getFeatureSchema()) == sample.getFeaturesCount()
                ? (int) sample.getFeatures(Feature.PROMPT_TOKENS.ordinal())
                : 0;
    }

    /** So many blocks of the latest that has them; fewer where nobody does. */
    private static long[] beginning(Deque<long[]> before, int blocks) {
        long[] longest = {};
        for (long[] ids : before) {
            if (ids.length >= blocks) {
                return Arrays.copyOf(ids, blocks);
            }
            longest = ids.length > longest.length ? ids : longest;
        }
        return longest;
    }

    /** One line as the Mooncake traces have it, without its end. */
    public static String line(TraceRequest request) {
        StringJoiner ids = new StringJoiner(",", "[", "]");
        for (long id : request.hashIds()) {
            ids.add(Long.toString(id));
        }
        return "{\"timestamp\":%d,\"input_length\":%d,\"output_length\":%d,\"hash_ids\":%s}"
                .formatted(Math.round(request.arrivalMs()), request.promptTokens(), request.outputTokens(), ids);
    }
}
