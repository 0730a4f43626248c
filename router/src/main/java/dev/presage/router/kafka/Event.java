package dev.presage.router.kafka;

import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.router.pick.Decision;

/** An event between the deciding thread and the owner thread, which does the encoding of the larger kind. */
sealed interface Event {
    /** Memory that it keeps, about, in bytes. */
    long weight();

    record Routed(Decision.Routed decision, long decidedAtMs, long tookNanos) implements Event {
        private static final int FIXED = 512;

        @Override
        public long weight() {
            return FIXED + (long) Float.BYTES * decision.candidates().rows().length;
        }
    }

    record Ended(OutcomeEvent outcome) implements Event {
        @Override
        public long weight() {
            return 2L * outcome.getSerializedSize();
        }
    }
}
