package dev.presage.pipeline.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running single-node Kafka on 127.0.0.1. Topics, records and committed offsets are still there when another one is
 * started on the same directory. Takes about two seconds to start and 40 MB of heap.
 *
 * <p>Kafka's server owns its threads and ends them in {@link #close}. Like any Kafka it ends the whole process when it can no
 * longer write to its directory: close it before deleting that. Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Formats the directory if it is new, starts the broker and returns when it takes requests.
     *
     * @throws BrokerStartException if it cannot be started
     */
    public static EmbeddedBroker start(BrokerSettings settings) {
        try {
            int port = freePort(settings.port());
            Properties config = NodeConfig.of(settings, port, freePort(0));
            DataDirectory.formatIfNew(settings.dataDirectory());
            KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(config), Time.SYSTEM);
            server.startup();
            LOG.info("broker on 127.0.0.1:{}, data in {}", port, settings.dataDirectory());
            return new EmbeddedBroker(server, port);
        } catch (Exception e) {
            throw new BrokerStartException(
                    "cannot start a broker on port " + settings.port() + " with data in " + settings.dataDirectory()
                            + ": " + e.getMessage(),
                    e);
        }
    }

    /** The address for Kafka clients. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Ends the broker after it has written everything; a second call does nothing. */
    @Override
    public synchronized void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    /**
     * The wanted port if it can be bound, or any free one for 0. Kafka would end the process over a taken controller port, so
     * it is better asked first.
     */
    private static int freePort(int wanted) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(LOOPBACK, wanted));
            return socket.getLocalPort();
        }
    }
}
