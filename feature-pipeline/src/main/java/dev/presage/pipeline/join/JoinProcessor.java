package dev.presage.pipeline.join;

import dev.presage.pipeline.join.RequestJoin.Step;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.JoinEntry;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.Decoded;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Feeds both topics of one partition through {@link RequestJoin} and keeps its state. Time is stream time, the newest
 * timestamp seen, so an application that was down for hours joins its backlog as if it had never been.
 *
 * <p>One instance per task, used by its stream thread alone.
 */
final class JoinProcessor implements Processor<String, Decoded<?>, String, Sample> {
    private static final Duration FORGET_EVERY = Duration.ofSeconds(5);
    // Bounds the transaction that forgetting writes after a gap in the log.
    private static final int FORGET_AT_MOST = 50_000;

    private final RequestJoin join;
    private final long retentionMs;
    private final JoinListener listener;
    private @Nullable ProcessorContext<String, Sample> context;
    private @Nullable Requests requests;

    JoinProcessor(Duration retention, JoinListener listener) {
        this.join = new RequestJoin(retention);
        this.retentionMs = retention.toMillis();
        this.listener = listener;
    }

    @Override
    public void init(ProcessorContext<String, Sample> taskContext) {
        context = taskContext;
        requests = new Requests(taskContext.getStateStore(Requests.ENTRIES), taskContext.getStateStore(Requests.AGES));
        taskContext.schedule(FORGET_EVERY, PunctuationType.STREAM_TIME, this::forget);
    }

    @Override
    public void process(Record<String, Decoded<?>> arrival) {
        switch (arrival.value()) {
            case Decoded.Event(DecisionEvent decision) -> {
                if (isKeyedBy(arrival, decision.getRequestId())) {
                    Optional<JoinEntry> entry = requests().find(decision.getRequestId());
                    apply(decision.getRequestId(), entry, join.onDecision(entry, decision, nowMs()), arrival);
                }
            }
            case Decoded.Event(OutcomeEvent outcome) -> {
                if (isKeyedBy(arrival, outcome.getRequestId())) {
                    Optional<JoinEntry> entry = requests().find(outcome.getRequestId());
                    apply(outcome.getRequestId(), entry, join.onOutcome(entry, outcome, nowMs()), arrival);
                }
            }
            case null, default -> listener.onDrop(DropCause.UNDECODABLE);
        }
    }

    /** A record under another key may be in another partition than its partner: it could never be joined. */
    private boolean isKeyedBy(Record<String, Decoded<?>> arrival, String requestId) {
        boolean keyed = requestId.equals(arrival.key());
        if (!keyed) {
            listener.onDrop(DropCause.MALFORMED);
        }
        return keyed;
    }

    private void apply(String requestId, Optional<JoinEntry> before, Step step, Record<String, Decoded<?>> arrival) {
        step.next().ifPresent(after -> requests().replace(requestId, before, after));
        switch (step.result()) {
            case JoinResult.Quiet() -> {}
            case JoinResult.Dropped(DropCause cause) -> listener.onDrop(cause);
            case JoinResult.Sampled(Sample sample) -> {
                context().forward(new Record<>(sample.getPool(), sample, arrival.timestamp()));
                listener.onSample(sample);
            }
        }
    }

    private void forget(long nowMs) {
        requests().forget(nowMs - retentionMs, FORGET_AT_MOST, entry -> RequestJoin.onExpiry(entry)
                .ifPresent(listener::onDrop));
    }

    private long nowMs() {
        return context().currentStreamTimeMs();
    }

    private ProcessorContext<String, Sample> context() {
        return Objects.requireNonNull(context, "init comes first");
    }

    private Requests requests() {
        return Objects.requireNonNull(requests, "init comes first");
    }
}
