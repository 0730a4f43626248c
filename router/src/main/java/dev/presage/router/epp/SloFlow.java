package dev.presage.router.epp;

import dev.presage.router.flow.Claim;
import dev.presage.router.flow.FlowListener;
import dev.presage.router.flow.FlowOutcome;
import dev.presage.router.flow.Hold;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.slo.SloBook;

/** Tells the SLOs' book whom flow control turns away, and how long those have waited whom it lets in; and another listener all of it. */
record SloFlow(SloBook book, FlowListener next) implements FlowListener {
    @Override
    public void entered(InferenceRequest request, Claim claim, long tookNanos) {
        next.entered(request, claim, tookNanos);
    }

    @Override
    public void refused(InferenceRequest request, Claim claim, FlowOutcome outcome, long tookNanos) {
        next.refused(request, claim, outcome, tookNanos);
        over(request, outcome, tookNanos);
    }

    @Override
    public void left(InferenceRequest request, Claim claim, FlowOutcome outcome, long waitedNanos) {
        next.left(request, claim, outcome, waitedNanos);
        over(request, outcome, waitedNanos);
    }

    private void over(InferenceRequest request, FlowOutcome outcome, long waitedNanos) {
        switch (outcome) {
            case DISPATCHED -> book.waited(request, waitedNanos);
            case REJECTED_CAPACITY, REJECTED_NO_ENDPOINTS, EVICTED_NO_ENDPOINTS, EVICTED_TTL -> book.shed(request);
            case EVICTED_CONTEXT_CANCELLED -> book.gaveUp(request, waitedNanos);
            case REJECTED_SHUTDOWN -> {}
        }
    }

    @Override
    public void held(InferenceRequest request, Hold.End end, long heldNanos) {
        next.held(request, end, heldNanos);
    }

    @Override
    public void evicting() {
        next.evicting();
    }

    @Override
    public void evicted(long tookNanos) {
        next.evicted(tookNanos);
    }

    @Override
    public void cycled(long tookNanos) {
        next.cycled(tookNanos);
    }

    @Override
    public void fault(String place, Throwable cause) {
        next.fault(place, cause);
    }
}
