package dev.presage.testbed.lab;

import dev.presage.pipeline.join.SampleRule;
import dev.presage.pipeline.proto.Sample;
import dev.presage.router.kafka.EventRecords;
import dev.presage.router.observe.Outcome;
import java.util.Optional;

/** What production would have learned from an outcome: its events, joined, without Kafka between them. */
final class LabSamples {
    static final String POOL = "lab";

    private static final EventRecords EVENTS = new EventRecords("lab", POOL);

    private LabSamples() {}

    static Optional<Sample> of(Outcome outcome) {
        return SampleRule.sample(
                EVENTS.decision(outcome.decision(), outcome.dispatchedAtMs(), 0), EVENTS.outcome(outcome));
    }
}
