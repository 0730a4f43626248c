package dev.presage.pipeline.eventlog;

import com.google.protobuf.Message;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Looks up one request in the event log, for people: it reads the topics from some way back to their end. */
public final class RequestSearch {
    private RequestSearch() {}

    /** What the log holds of the request; a decision without an outcome may still be under way. */
    public record Found(Optional<DecisionEvent> decision, Optional<OutcomeEvent> outcome) {}

    /**
     * Waits until the request was found or the log was read to its end.
     *
     * @param id the router's or the client's; a client's may name several requests, of which any is found
     * @param last how many of each partition's records to read
     * @param patience for each of the two topics; when Kafka is away that long, nothing is found
     */
    public static Found find(KafkaConnection connection, String id, long last, Duration patience) {
        Optional<DecisionEvent> decision = find(
                connection,
                EventFormat.DECISIONS,
                event -> event.getRequestId().equals(id)
                        || event.getClientRequestId().equals(id),
                last,
                patience);
        String requestId = decision.map(DecisionEvent::getRequestId).orElse(id);
        return new Found(
                decision,
                find(
                        connection,
                        EventFormat.OUTCOMES,
                        event -> event.getRequestId().equals(requestId),
                        last,
                        patience));
    }

    private static <T extends Message> Optional<T> find(
            KafkaConnection connection, EventFormat<T> format, Predicate<T> wanted, long last, Duration patience) {
        CompletableFuture<Optional<T>> result = new CompletableFuture<>();
        LogConsumer<T> sink = new LogConsumer<>() {
            @Override
            public void onRecord(T event, LogPosition position) {
                if (wanted.test(event)) {
                    result.complete(Optional.of(event));
                }
            }

            @Override
            public void onCaughtUp() {
                result.complete(Optional.empty());
            }
        };
        try (LogFollower<T> follower =
                new LogFollower<>(connection, "presage-search", format, key -> true, StartFrom.last(last), sink)) {
            follower.start();
            return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
