package dev.presage.pipeline.eventlog;

import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;

/**
 * Decisions and outcomes of all pools as they come, each topic in its own order: an outcome may come before its decision. For people who watch.
 *
 * <p>Owns the threads {@code presage-decisions} and {@code presage-outcomes}, which end in {@link #close}. Kafka may be away at any time.
 * Thread-safe.
 */
public final class RequestLog implements AutoCloseable {
    private final LogFollower<DecisionEvent> decisions;
    private final LogFollower<OutcomeEvent> outcomes;

    private RequestLog(LogFollower<DecisionEvent> decisions, LogFollower<OutcomeEvent> outcomes) {
        this.decisions = decisions;
        this.outcomes = outcomes;
    }

    /** Starts following in the background and returns at once; the consumers are called on a thread each. */
    public static RequestLog follow(
            KafkaConnection connection,
            StartFrom start,
            LogConsumer<DecisionEvent> decided,
            LogConsumer<OutcomeEvent> ended) {
        var decisions =
                new LogFollower<>(connection, "presage-decisions", EventFormat.DECISIONS, key -> true, start, decided);
        var outcomes =
                new LogFollower<>(connection, "presage-outcomes", EventFormat.OUTCOMES, key -> true, start, ended);
        decisions.start();
        outcomes.start();
        return new RequestLog(decisions, outcomes);
    }

    /** Ends following; no call of the consumers is under way when it returns. */
    @Override
    public void close() {
        decisions.close();
        outcomes.close();
    }
}
