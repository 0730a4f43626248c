package dev.presage.router.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The spans of what a decision's profiles did, under the contract's names and with the times that they had. */
record ProfileSpans(Tracer tracer) {
    /**
     * Below the span of {@code parent}.
     *
     * @param scored told of the span in which the decision was made
     */
    void tell(List<StepLog.ProfileSteps> profiles, Context parent, Consumer<Span> scored) {
        int deciding = deciding(profiles);
        for (int i = 0; i < profiles.size(); i++) {
            StepLog.ProfileSteps profile = profiles.get(i);
            Span span = child("run_scheduler_profile", parent, profile.startNanos);
            span.setAttribute("llm_d.profile", profile.name);
            span.setAttribute("llm_d.candidates", profile.candidates);
            plugins(profile, parent.with(span), i == deciding ? scored : other -> {});
            end(span, profile.endNanos);
        }
    }

    /** A split request asks the profile of who answers first and, when it knows the rest, again. */
    private static int deciding(List<StepLog.ProfileSteps> profiles) {
        int last = 0;
        for (int i = 1; i < profiles.size(); i++) {
            if (profiles.get(i).name.equals(profiles.getFirst().name)) {
                last = i;
            }
        }
        return last;
    }

    private void plugins(StepLog.ProfileSteps profile, Context inside, Consumer<Span> scored) {
        long scoringNanos = profile.startNanos;
        for (StepLog.Step step : profile.steps) {
            if (step.filter()) {
                Span filter = child("filter_endpoints", inside, step.startNanos());
                filter.setAttribute("llm_d.plugin", step.type());
                filter.setAttribute("llm_d.candidates", step.candidates());
                filter.setAttribute("llm_d.candidates.left", step.left());
                end(filter, step.endNanos());
                scoringNanos = step.endNanos();
            }
        }
        Span scoring = child("llm_d.epp.scoring", inside, scoringNanos);
        for (StepLog.Step step : profile.steps) {
            if (!step.filter()) {
                Span scorer = child("llm_d.epp.scorer." + step.type(), inside.with(scoring), step.startNanos());
                scorer.setAttribute("llm_d.candidates", step.candidates());
                end(scorer, step.endNanos());
            }
        }
        scored.accept(scoring);
        end(scoring, profile.endNanos);
    }

    Span child(String name, Context parent, long startNanos) {
        return tracer.spanBuilder(name)
                .setParent(parent)
                .setStartTimestamp(startNanos, TimeUnit.NANOSECONDS)
                .startSpan();
    }

    static void end(Span span, long nanos) {
        span.end(nanos, TimeUnit.NANOSECONDS);
    }
}
