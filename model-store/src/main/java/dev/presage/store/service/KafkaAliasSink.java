package dev.presage.store.service;

import dev.presage.pipeline.eventlog.AliasWriter;
import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code presage.models.v1}. Connects at the first announcement, so that the store starts without a broker. */
final class KafkaAliasSink implements AliasSink {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final KafkaConnection connection;
    private @Nullable AliasWriter writer;

    KafkaAliasSink(KafkaConnection connection) {
        this.connection = connection;
    }

    @Override
    public void publish(AliasMoved moved) throws InterruptedException {
        AliasWriter open = writer;
        if (open == null) {
            // A topic that the broker made by itself would not be compacted.
            TopicCreator.createMissing(connection, TIMEOUT);
            open = AliasWriter.open(connection, TIMEOUT);
            writer = open;
        }
        open.publish(moved);
    }

    @Override
    public void close() {
        AliasWriter open = writer;
        if (open != null) {
            open.close();
        }
    }
}
