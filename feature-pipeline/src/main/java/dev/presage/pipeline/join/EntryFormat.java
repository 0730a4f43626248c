package dev.presage.pipeline.join;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.presage.pipeline.proto.JoinEntry;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Bytes of the join's own state. Unlike the log's records only the join writes them, so bad bytes are a failure. */
final class EntryFormat {
    static final Serde<JoinEntry> SERDE = Serdes.serdeFrom(
            (topic, entry) -> entry == null ? null : entry.toByteArray(),
            (topic, bytes) -> bytes == null ? null : parse(bytes));

    private EntryFormat() {}

    private static JoinEntry parse(byte[] bytes) {
        try {
            return JoinEntry.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new SerializationException("the join's state store holds a broken entry", e);
        }
    }
}
