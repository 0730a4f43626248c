package dev.presage.router.envoy;

import dev.presage.router.pool.PoolRules;
import dev.presage.router.request.InferenceRequest;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** How important a request is and which model it goes to, by its headers and the rules of the pool. */
record Addressing(Supplier<PoolRules> rules, Supplier<RandomGenerator> random, ExtProcListener listener) {
    /** The request with its headers and the priority of its objective. */
    InferenceRequest addressed(InferenceRequest request, Headers headers) {
        return request.with(priority(request, headers), headers.byName());
    }

    /** Of the objective that the client names, else of the model, as the older API has it. */
    private int priority(InferenceRequest request, Headers headers) {
        String objective = headers.first(HeaderNames.OBJECTIVE, HeaderNames.OBJECTIVE_LEGACY);
        return objective.isEmpty()
                ? rules.get().modelPriority(request.requestedModel())
                : rules.get().priority(objective);
    }

    /** Whether the model of such a request may be replaced. */
    boolean mayRewrite(Headers headers) {
        return headers.has(HeaderNames.MODEL_REWRITE)
                || headers.has(HeaderNames.MODEL_REWRITE_LEGACY)
                || !rules.get().rewrites().isEmpty();
    }

    /**
     * The model that the backend gets: a rule for what the client asked, else the header's, else what the client asked. Asked once a
     * request: what a rule says is told to the listener.
     */
    String target(Headers headers, String requested) {
        Optional<PoolRules.Rewritten> ruled = rules.get().rewrite(requested, random.get());
        if (ruled.isPresent()) {
            listener.rewritten(ruled.get().rule(), requested, ruled.get().model());
            return ruled.get().model();
        }
        String asked = headers.first(HeaderNames.MODEL_REWRITE, HeaderNames.MODEL_REWRITE_LEGACY);
        return asked.isEmpty() ? requested : asked;
    }
}
