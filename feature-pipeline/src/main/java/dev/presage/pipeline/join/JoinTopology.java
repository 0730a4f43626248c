package dev.presage.pipeline.join;

import dev.presage.pipeline.proto.JoinEntry;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.Decoded;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.Topic;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Two sources, one processor with two stores, one sink. */
final class JoinTopology {
    private static final String DECISIONS = "decisions";
    private static final String OUTCOMES = "outcomes";
    private static final String JOIN = "join";
    private static final String SAMPLES = "samples";

    private JoinTopology() {}

    static Topology build(JoinSettings settings, JoinListener listener) {
        ProcessorSupplier<String, Decoded<?>, String, Sample> join =
                () -> new JoinProcessor(settings.retention(), listener);
        return new Topology()
                .addSource(
                        DECISIONS,
                        new StringDeserializer(),
                        EventFormat.DECISIONS.deserializer(),
                        Topic.DECISIONS.topicName())
                .addSource(
                        OUTCOMES,
                        new StringDeserializer(),
                        EventFormat.OUTCOMES.deserializer(),
                        Topic.OUTCOMES.topicName())
                .addProcessor(JOIN, join, DECISIONS, OUTCOMES)
                .addStateStore(entries(settings.store()), JOIN)
                .addStateStore(ages(settings.store()), JOIN)
                .addSink(
                        SAMPLES,
                        Topic.SAMPLES.topicName(),
                        new StringSerializer(),
                        EventFormat.SAMPLES.serializer(),
                        JOIN);
    }

    private static StoreBuilder<KeyValueStore<String, JoinEntry>> entries(JoinSettings.Store store) {
        return Stores.keyValueStoreBuilder(supplier(store, Requests.ENTRIES), Serdes.String(), EntryFormat.SERDE);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> ages(JoinSettings.Store store) {
        return Stores.keyValueStoreBuilder(supplier(store, Requests.AGES), Serdes.Bytes(), Serdes.ByteArray());
    }

    private static KeyValueBytesStoreSupplier supplier(JoinSettings.Store store, String name) {
        return switch (store) {
            case ROCKSDB -> Stores.persistentKeyValueStore(name);
            case MEMORY -> Stores.inMemoryKeyValueStore(name);
        };
    }
}
