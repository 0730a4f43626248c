package dev.presage.pipeline.broker;

import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** Kafka's configuration of the single node: what a fleet's event log needs and no more memory or threads than that. */
final class NodeConfig {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private static final String BROKER_LISTENER = "PLAINTEXT";
    private static final String LOOPBACK = "127.0.0.1";

    private NodeConfig() {}

    static Properties of(BrokerSettings settings, int brokerPort, int controllerPort) {
        Properties properties = new Properties();
        String broker = BROKER_LISTENER + "://" + LOOPBACK + ":" + brokerPort;
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(NODE_ID));
        properties.put("log.dirs", settings.dataDirectory().toAbsolutePath().toString());
        properties.put("listeners", broker + "," + CONTROLLER_LISTENER + "://" + LOOPBACK + ":" + controllerPort);
        properties.put("advertised.listeners", broker);
        properties.put("controller.listener.names", CONTROLLER_LISTENER);
        properties.put("inter.broker.listener.name", BROKER_LISTENER);
        properties.put(
                "listener.security.protocol.map", BROKER_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        // Static voters: the controller's port may differ at each start.
        properties.put("controller.quorum.voters", NODE_ID + "@" + LOOPBACK + ":" + controllerPort);
        properties.put("auto.create.topics.enable", "false");
        singleReplica(properties);
        retention(properties, settings);
        frugality(properties);
        return properties;
    }

    private static void singleReplica(Properties properties) {
        properties.put("default.replication.factor", "1");
        properties.put("min.insync.replicas", "1");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        // No other member can be about to join: rebalance at once.
        properties.put("group.initial.rebalance.delay.ms", "0");
    }

    private static void retention(Properties properties, BrokerSettings settings) {
        properties.put("log.retention.ms", Long.toString(settings.retention().toMillis()));
        properties.put("log.retention.bytes", Long.toString(settings.bytesPerPartition()));
        properties.put("log.retention.check.interval.ms", Long.toString(TimeUnit.MINUTES.toMillis(1)));
        properties.put("log.segment.bytes", Integer.toString(16 << 20));
        properties.put("offsets.topic.segment.bytes", Integer.toString(8 << 20));
        properties.put("transaction.state.log.segment.bytes", Integer.toString(8 << 20));
        properties.put("metadata.log.segment.bytes", Integer.toString(8 << 20));
        properties.put("metadata.max.retention.bytes", Integer.toString(16 << 20));
        properties.put("metadata.log.max.record.bytes.between.snapshots", Integer.toString(2 << 20));
    }

    private static void frugality(Properties properties) {
        properties.put("num.network.threads", "1");
        properties.put("num.io.threads", "2");
        properties.put("background.threads", "2");
        properties.put("num.recovery.threads.per.data.dir", "1");
        properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        properties.put("log.cleaner.io.buffer.size", Integer.toString(256 << 10));
        // Index files are allocated at this size and mapped, one pair per open segment.
        properties.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        properties.put("offsets.topic.num.partitions", "4");
        properties.put("transaction.state.log.num.partitions", "4");
        properties.put("group.coordinator.threads", "1");
        // The no-op record that proves the controller alive is written to disk: once in five seconds is enough for one
        // node.
        properties.put("metadata.max.idle.interval.ms", "5000");
        // While a broker starts after a crash it briefly leads nothing: what it aborts then gets no markers, and
        // readers
        // of committed records wait behind it for ever. Producers that come back have long aborted their own by this
        // time.
        properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "30000");
    }
}
