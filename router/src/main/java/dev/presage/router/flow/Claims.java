package dev.presage.router.flow;

import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Slo;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.program.ProgramBook;
import dev.presage.router.request.HeaderMs;
import dev.presage.router.request.InferenceRequest;
import dev.presage.store.predict.OutputLength;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the claim of a request: from its headers, from what the candidates' caches hold of its prompt, and from how long replies of
 * its model are. Used by one thread.
 */
public final class Claims {
    /** Of requests that name no flow. */
    public static final String DEFAULT_FLOW = "default-flow";

    /** Milliseconds that a request may wait, where its client or gateway says so; ours, the contract has none. */
    static final String TTL = "x-presage-queue-ttl-ms";

    private static final String FLOW = "x-llm-d-inference-fairness-id";
    private static final String FLOW_LEGACY = "x-gateway-inference-fairness-id";
    private static final int MAX_MODELS = 1_000;
    private static final double FIRST_GUESS_TOKENS = 256;
    private static final double LEARNING_RATE = 0.05;

    private final boolean predicting;
    private final ProgramBook programs;
    private final Map<String, Double> outputTokens = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Double> eldest) {
            return size() > MAX_MODELS;
        }
    };

    /** {@code predicting} asks the model for first tokens too, which costs as much as a decision; programs know how far they are. */
    public Claims(boolean predicting, ProgramBook programs) {
        this.predicting = predicting;
        this.programs = programs;
    }

    /** Of a request that came at {@code receivedNanos} and holds so many bytes, seen with these candidates. */
    public Claim of(InferenceRequest request, Round candidates, long bytes, long receivedNanos) {
        int cached = 0;
        double firstTokenMs = 0;
        for (int i = 0; i < candidates.size(); i++) {
            cached = Math.max(cached, candidates.candidates().cachedTokens(i));
            if (predicting && candidates.predicted(i)) {
                double predicted = candidates.ttftMs(i);
                firstTokenMs = firstTokenMs == 0 ? predicted : Math.min(firstTokenMs, predicted);
            }
        }
        long ttl = ttlNanos(request);
        programs.came(request, ttl * 1e-6);
        return new Claim(
                flow(request),
                request.priority(),
                bytes,
                receivedNanos,
                ttl,
                due(Slo.of(request).ttftMs(), programs.dueMs(request)),
                request.promptTokens()
                        - cached
                        + expectedOutput(request, candidates.moment().model()),
                Math.max(0, firstTokenMs));
    }

    /** A step's first token is due no later than its answer. */
    private static double due(double sloTtftMs, double stepMs) {
        return sloTtftMs == 0 || stepMs == 0 ? Math.max(sloTtftMs, stepMs) : Math.min(sloTtftMs, stepMs);
    }

    /** A request of the model was answered with so many tokens. */
    public void answered(String model, int tokens) {
        outputTokens.merge(model, (double) tokens, (known, one) -> known + LEARNING_RATE * (tokens - known));
    }

    /** What the model in service learned of such requests; without that, what replies of the asked-for model have lately been. */
    private double expectedOutput(InferenceRequest request, @Nullable ServingModel serving) {
        OutputLength learned = serving == null ? OutputLength.UNKNOWN : serving.outputLength(request);
        if (learned.isKnown()) {
            return learned.meanTokens();
        }
        double usual = outputTokens.getOrDefault(request.model(), FIRST_GUESS_TOKENS);
        return request.maxTokens() > 0 ? Math.min(request.maxTokens(), usual) : usual;
    }

    /** The flow that a request belongs to: the newer header name wins. */
    public static String flow(InferenceRequest request) {
        String flow = request.headers().getOrDefault(FLOW, "");
        String named = flow.isEmpty() ? request.headers().getOrDefault(FLOW_LEGACY, "") : flow;
        return named.isEmpty() ? DEFAULT_FLOW : named;
    }

    /** 0 where the request says nothing. */
    static long ttlNanos(InferenceRequest request) {
        return HeaderMs.of(request, TTL).orElse(0) * 1_000_000;
    }
}
