package dev.presage.router.metrics;

import dev.presage.router.flow.Claim;
import dev.presage.router.flow.FlowListener;
import dev.presage.router.flow.FlowOutcome;
import dev.presage.router.plugin.FaultLog;
import dev.presage.router.request.InferenceRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What flow control does, under the contract's names. Labels are bounded as those of requests are. */
final class FlowMetrics implements FlowListener {
    private static final int MAX_COMBINATIONS = 2_000;
    private static final int MAX_PRIORITIES = 100;

    private record Queued(RequestLabels labels, String outcome) {}

    private record Counted(String outcome, String priority) {}

    private final String pool;
    private final BoundedLabel models = new BoundedLabel(BoundedLabel.MAX_VALUES);
    private final BoundedLabel flows = new BoundedLabel(BoundedLabel.MAX_VALUES);
    private final BoundedLabel priorities = new BoundedLabel(MAX_PRIORITIES);
    private final Series<Queued, Timer> queued;
    private final Series<Queued, Timer> enqueued;
    private final Series<Counted, Counter> counted;
    private final Timer cycles;
    private final Counter evicting;
    private final Counter evicted;
    private final Timer evictions;
    private final Counter faulted;
    private final FaultLog faults = new FaultLog();
    private final FlowQueueGauges gauges;

    FlowMetrics(MeterRegistry registry, FlowQueueGauges gauges, String pool) {
        this.pool = pool;
        this.gauges = gauges;
        queued = new Series<>(
                MAX_COMBINATIONS,
                new Queued(RequestLabels.OTHER, BoundedLabel.OTHER),
                key -> FlowMetric.QUEUE_DURATION.timer(
                        registry, key.labels().tags("outcome", key.outcome(), "inference_pool", pool)));
        enqueued = new Series<>(
                MAX_COMBINATIONS,
                new Queued(RequestLabels.OTHER, BoundedLabel.OTHER),
                key -> FlowMetric.ENQUEUE_DURATION.timer(
                        registry,
                        "fairness_id",
                        key.labels().fairness(),
                        "priority",
                        key.labels().priority(),
                        "outcome",
                        key.outcome()));
        counted = new Series<>(
                MAX_COMBINATIONS,
                new Counted(BoundedLabel.OTHER, BoundedLabel.OTHER),
                key -> FlowMetric.REQUESTS.counter(
                        registry, "outcome", key.outcome(), "priority", key.priority(), "inference_pool", pool));
        cycles = FlowMetric.CYCLE_DURATION.timer(registry);
        evicting = FlowMetric.REVOCATIONS_ISSUED.counter(registry);
        evicted = FlowMetric.REVOCATIONS.counter(registry);
        evictions = FlowMetric.REVOCATION_CONFIRMATION.timer(registry);
        faulted = registry.counter("presage_flow_faults");
    }

    private RequestLabels labels(InferenceRequest request, Claim claim) {
        return new RequestLabels(
                models.of(request.requestedModel()),
                models.of(request.model()),
                flows.of(claim.flow()),
                priorities.of(Integer.toString(claim.priority())));
    }

    @Override
    public void entered(InferenceRequest request, Claim claim, long tookNanos) {
        RequestLabels labels = labels(request, claim);
        gauges.add(labels, 1, claim.bytes());
        enqueued(labels, "NotYetFinalized", tookNanos);
    }

    private void enqueued(RequestLabels labels, String outcome, long tookNanos) {
        RequestLabels own = new RequestLabels("", "", labels.fairness(), labels.priority());
        enqueued.of(new Queued(own, outcome)).record(tookNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void refused(InferenceRequest request, Claim claim, FlowOutcome outcome, long tookNanos) {
        RequestLabels labels = labels(request, claim);
        enqueued(labels, outcome.label(), tookNanos);
        queued.of(new Queued(labels, outcome.label())).record(tookNanos, TimeUnit.NANOSECONDS);
        counted.of(new Counted(outcome.label(), labels.priority())).increment();
    }

    @Override
    public void left(InferenceRequest request, Claim claim, FlowOutcome outcome, long waitedNanos) {
        RequestLabels labels = labels(request, claim);
        gauges.add(labels, -1, -claim.bytes());
        queued.of(new Queued(labels, outcome.label())).record(waitedNanos, TimeUnit.NANOSECONDS);
        counted.of(new Counted(outcome.label(), labels.priority())).increment();
    }

    @Override
    public void evicting() {
        evicting.increment();
    }

    @Override
    public void evicted(long tookNanos) {
        evicted.increment();
        evictions.record(tookNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void cycled(long tookNanos) {
        cycles.record(tookNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void fault(String place, Throwable cause) {
        faulted.increment();
        faults.failed(
                "flow control", cause instanceof RuntimeException known ? known : new IllegalStateException(cause));
    }
}
