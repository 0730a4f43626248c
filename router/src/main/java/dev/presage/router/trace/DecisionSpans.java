package dev.presage.router.trace;

import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Decisions and outcomes on the current span, if it is recorded. A decision is over when it is told of, so that its spans are made
 * with the times that it had.
 */
final class DecisionSpans implements RoutingListener {
    private final ProfileSpans spans;
    private final LongSupplier epochNanos;

    DecisionSpans(Tracer tracer, LongSupplier epochNanos) {
        this.spans = new ProfileSpans(tracer);
        this.epochNanos = epochNanos;
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        Span request = Span.current();
        if (!request.isRecording()) {
            return;
        }
        var asked = decision.candidates().request();
        request.setAttribute("gen_ai.request.model", asked.requestedModel());
        request.setAttribute("llm_d.target_model", asked.model());
        request.setAttribute("llm_d.request_id", asked.clientRequestId());
        request.setAttribute("llm_d.endpoint", decision.endpoint().address());
        long end = epochNanos.getAsLong();
        long start = end - tookNanos;
        Span orchestration = spans.child("gateway.request_orchestration", Context.current(), start);
        Context inside = Context.current().with(orchestration);
        spans.tell(profiles(start, end), inside, scoring -> scored(scoring, decision));
        split(decision, inside, end);
        ProfileSpans.end(orchestration, end);
    }

    /** Without configured profiles the policy is the one profile. */
    private static List<StepLog.ProfileSteps> profiles(long start, long end) {
        StepLog log = Context.current().get(StepLog.KEY);
        List<StepLog.ProfileSteps> told = log == null ? List.of() : log.taken();
        if (!told.isEmpty()) {
            return told;
        }
        StepLog only = new StepLog();
        only.decides("default", 0, start);
        only.decided(end);
        return only.taken();
    }

    /** Who else works on a split request. */
    private void split(Decision.Routed decision, Context inside, long nanos) {
        if (decision.legs().size() == 1 && decision.itinerary().encoders().isEmpty()) {
            return;
        }
        Span prepared = spans.child("prepare_disaggregation", inside, nanos);
        decision.extraHeaders().forEach((header, value) -> prepared.setAttribute("llm_d." + header, value));
        ProfileSpans.end(prepared, nanos);
    }

    private static void scored(Span scoring, Decision.Routed decision) {
        Choice choice = decision.choice();
        scoring.setAttribute("llm_d.candidates", decision.candidates().size());
        scoring.setAttribute("llm_d.endpoint", decision.endpoint().address());
        scoring.setAttribute("presage.policy", choice.policy());
        scoring.setAttribute("presage.fallback", decision.fallback().label());
        scoring.setAttribute("presage.target", choice.standing().label());
        scoring.setAttribute("presage.explored", choice.explored());
        scoring.setAttribute("presage.cached_tokens", decision.candidates().cachedTokens(choice.candidate()));
        Predictions predictions = choice.predictions();
        if (predictions != null) {
            scoring.setAttribute("presage.bundle", choice.bundleId());
            scoring.setAttribute("presage.predicted_ttft_ms", predictions.locationMs(Target.TTFT, choice.candidate()));
            scoring.setAttribute("presage.predicted_tpot_ms", predictions.locationMs(Target.TPOT, choice.candidate()));
        }
    }

    @Override
    public void ended(Outcome outcome) {
        Span request = Span.current();
        if (!request.isRecording()) {
            return;
        }
        request.setAttribute("http.response.status_code", outcome.httpStatus());
        request.setAttribute("presage.served_by", outcome.servedBy());
        request.setAttribute("presage.end", outcome.cause().name());
        Double ttft = outcome.ttftMs();
        if (ttft != null) {
            request.setAttribute("presage.ttft_ms", ttft);
        }
        if (outcome.usage().outputTokens() >= 0) {
            request.setAttribute("gen_ai.usage.output_tokens", outcome.usage().outputTokens());
        }
        if (outcome.cause() != EndCause.COMPLETED || outcome.httpStatus() >= 500) {
            request.setStatus(StatusCode.ERROR, outcome.cause().name());
        }
    }
}
