package dev.presage.pipeline.topics;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.FlightEvent;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.proto.Sample;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * How the events of one topic are keyed, written and read. Writers must send {@link #record} through Kafka's default
 * partitioner: the join relies on a request's decision and outcome having the same partition number. Thread-safe,
 * constant.
 *
 * @param <T> the event type
 */
public final class EventFormat<T extends Message> {
    /** The schema version that this build writes, and the newest that it reads. */
    public static final int SCHEMA_VERSION = 1;

    public static final EventFormat<DecisionEvent> DECISIONS = new EventFormat<>(
            Topic.DECISIONS, DecisionEvent.parser(), DecisionEvent::getSchemaVersion, DecisionEvent::getRequestId);
    public static final EventFormat<OutcomeEvent> OUTCOMES = new EventFormat<>(
            Topic.OUTCOMES, OutcomeEvent.parser(), OutcomeEvent::getSchemaVersion, OutcomeEvent::getRequestId);
    public static final EventFormat<Sample> SAMPLES =
            new EventFormat<>(Topic.SAMPLES, Sample.parser(), Sample::getSchemaVersion, Sample::getPool);
    public static final EventFormat<AliasMoved> MODELS =
            new EventFormat<>(Topic.MODELS, AliasMoved.parser(), AliasMoved::getSchemaVersion, EventFormat::aliasKey);
    public static final EventFormat<FlightEvent> FLIGHTS = new EventFormat<>(
            Topic.FLIGHTS, FlightEvent.parser(), FlightEvent::getSchemaVersion, FlightEvent::getRequestId);

    private final Topic topic;
    private final Parser<T> parser;
    private final ToIntFunction<T> version;
    private final Function<T, String> key;

    private EventFormat(Topic topic, Parser<T> parser, ToIntFunction<T> version, Function<T, String> key) {
        this.topic = topic;
        this.parser = parser;
        this.version = version;
        this.key = key;
    }

    /** The topic that these events live in. */
    public Topic topic() {
        return topic;
    }

    /** The record key of an event; empty when the event lacks what its key is made of. */
    public String key(T event) {
        return key.apply(event);
    }

    /** The record to send: topic, key and event. */
    public ProducerRecord<String, T> record(T event) {
        return new ProducerRecord<>(topic.topicName(), key(event), event);
    }

    /**
     * The bytes of an event.
     *
     * @throws IllegalArgumentException if the event has another schema version than {@value #SCHEMA_VERSION} or no key:
     *     readers would refuse it
     */
    public byte[] encode(T event) {
        String problem = problem(event);
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException(topic.topicName() + ": " + problem);
        }
        return event.toByteArray();
    }

    /** Reads an event; never throws, whatever the bytes. */
    public Decoded<T> decode(byte @Nullable [] bytes) {
        if (bytes == null) {
            return new Decoded.Undecodable<>("no value");
        }
        try {
            T event = parser.parseFrom(bytes);
            String problem = problem(event);
            return problem.isEmpty() ? new Decoded.Event<>(event) : new Decoded.Undecodable<>(problem);
        } catch (InvalidProtocolBufferException e) {
            return new Decoded.Undecodable<>("not a protobuf record of " + bytes.length + " bytes");
        }
    }

    /** {@link #encode} for Kafka's producers and sinks. */
    public Serializer<T> serializer() {
        return (topicName, event) -> event == null ? null : encode(event);
    }

    /** {@link #decode} for Kafka's consumers and sources. */
    public Deserializer<Decoded<T>> deserializer() {
        return (topicName, bytes) -> decode(bytes);
    }

    private String problem(T event) {
        int found = version.applyAsInt(event);
        if (found < 1 || found > SCHEMA_VERSION) {
            return "schema version " + found + " is not within 1.." + SCHEMA_VERSION;
        }
        return key(event).isEmpty() ? "no key" : "";
    }

    private static String aliasKey(AliasMoved moved) {
        boolean complete = !moved.getPool().isEmpty() && !moved.getAlias().isEmpty();
        return complete ? moved.getPool() + "/" + moved.getAlias() : "";
    }
}
