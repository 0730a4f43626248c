package dev.presage.pipeline.topics;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Where the Kafka is and how to log in. Extra properties (SASL, TLS, timeouts) pass through to every client as they are;
 * what a client's correctness rests on, its owner sets over them. Immutable; printing it shows no property, so no
 * password.
 *
 * @param bootstrapServers Kafka's {@code host:port} list
 * @param extra further client properties
 */
public record KafkaConnection(String bootstrapServers, Map<String, String> extra) {
    private static final int RECONNECT_BACKOFF_MAX_MS = 2_000;

    public KafkaConnection {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException(
                    "bootstrapServers is \"" + bootstrapServers + "\", want host:port[,...]");
        }
        extra = Map.copyOf(extra);
    }

    /** A Kafka that asks for no login. */
    public static KafkaConnection to(String bootstrapServers) {
        return new KafkaConnection(bootstrapServers, Map.of());
    }

    /**
     * This connection with the properties of a Java properties file over the present ones.
     *
     * @throws UncheckedIOException if the file cannot be read
     */
    public KafkaConnection withFile(Path file) {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            read.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read Kafka properties " + file, e);
        }
        Map<String, String> merged = new HashMap<>(extra);
        read.stringPropertyNames().forEach(name -> merged.put(name, read.getProperty(name)));
        return new KafkaConnection(bootstrapServers, merged);
    }

    /** A fresh set of properties for any Kafka client, for its owner to complete. */
    public Properties properties(String clientId) {
        Properties properties = new Properties();
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_BACKOFF_MAX_MS);
        properties.putAll(extra);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        return properties;
    }

    /**
     * A fresh set of properties for a producer of the event log: acknowledged by all replicas, idempotent, and one request
     * at a time. With several under way, a broker that has just come back may refuse the first and take the second; then the
     * first can never be written (a broker takes any first sequence number of a producer it does not know).
     */
    public Properties producerProperties(String clientId) {
        Properties properties = properties(clientId);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        return properties;
    }

    @Override
    public String toString() {
        return "KafkaConnection[" + bootstrapServers + "]";
    }
}
