package dev.presage.store.service;

import dev.presage.pipeline.proto.AliasMoved;
import org.apache.kafka.common.KafkaException;

/** Where announcements go; called by the announcer's thread only. */
interface AliasSink extends AutoCloseable {
    /** Returns when the record is safe; throws {@link KafkaException} when it may not be. */
    void publish(AliasMoved moved) throws InterruptedException;

    @Override
    void close();
}
