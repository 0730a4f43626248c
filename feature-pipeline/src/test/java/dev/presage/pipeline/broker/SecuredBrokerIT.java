package dev.presage.pipeline.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.Topic;
import dev.presage.pipeline.topics.TopicCreator;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker that asks for TLS and a password, as operators run it: {@code --kafka-properties} is all that a client needs. */
class SecuredBrokerIT {
    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";
    private static final String LISTENER = "listener.name.secure.";

    @TempDir
    Path directory;

    private int port;
    private KafkaRaftServer server;

    @BeforeEach
    void start() throws Exception {
        Path keys = directory.resolve("broker.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=broker",
                "-ext",
                "san=ip:127.0.0.1",
                keys);
        keytool(
                "-exportcert",
                "-alias",
                "broker",
                "-rfc",
                "-file",
                directory.resolve("ca.pem").toString(),
                keys);
        port = freePort();
        int plain = freePort();
        int controller = freePort();
        BrokerSettings settings = BrokerSettings.of(directory.resolve("data"), plain);
        Properties config = NodeConfig.of(settings, plain, controller);
        config.merge("listeners", ",SECURE://127.0.0.1:" + port, SecuredBrokerIT::joined);
        config.merge("advertised.listeners", ",SECURE://127.0.0.1:" + port, SecuredBrokerIT::joined);
        config.merge("listener.security.protocol.map", ",SECURE:SASL_SSL", SecuredBrokerIT::joined);
        config.put("sasl.enabled.mechanisms", "PLAIN");
        config.put(LISTENER + "plain.sasl.jaas.config", LOGIN + "user_presage=\"right\";");
        config.put(LISTENER + "ssl.keystore.type", "PKCS12");
        config.put(LISTENER + "ssl.keystore.location", keys.toString());
        config.put(LISTENER + "ssl.keystore.password", "changeit");
        DataDirectory.formatIfNew(settings.dataDirectory());
        server = new KafkaRaftServer(KafkaConfig.fromProps(config), Time.SYSTEM);
        server.startup();
    }

    @AfterEach
    void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    @Test
    void aClientWithTheFileIsLetIn() throws Exception {
        KafkaConnection connection = connection("right");
        TopicCreator.createMissing(connection, Duration.ofSeconds(30));
        try (Admin admin = Admin.create(connection.properties("admin"))) {
            Set<String> wanted =
                    Arrays.stream(Topic.values()).map(Topic::topicName).collect(Collectors.toSet());
            assertTrue(admin.listTopics().names().get(30, TimeUnit.SECONDS).containsAll(wanted), wanted.toString());
        }
        TopicPartition first = new TopicPartition(Topic.OUTCOMES.topicName(), 0);
        try (var producer = new KafkaProducer<>(
                        connection.producerProperties("writer"), new StringSerializer(), new StringSerializer());
                var consumer = new KafkaConsumer<>(
                        connection.properties("reader"), new StringDeserializer(), new StringDeserializer())) {
            producer.send(new ProducerRecord<>(first.topic(), 0, "id", "outcome"))
                    .get(30, TimeUnit.SECONDS);
            consumer.assign(List.of(first));
            consumer.seekToBeginning(List.of(first));
            assertEquals(
                    "outcome",
                    consumer.poll(Duration.ofSeconds(30)).iterator().next().value());
        }
    }

    @Test
    void noOtherIs() throws Exception {
        KafkaConnection wrong = connection("wrong");
        assertThrows(RuntimeException.class, () -> TopicCreator.createMissing(wrong, Duration.ofSeconds(5)));
        KafkaConnection none = KafkaConnection.to("127.0.0.1:" + port);
        assertThrows(RuntimeException.class, () -> TopicCreator.createMissing(none, Duration.ofSeconds(5)));
    }

    private KafkaConnection connection(String password) throws Exception {
        Path file = Files.writeString(
                directory.resolve("client.properties"), """
                security.protocol=SASL_SSL
                sasl.mechanism=PLAIN
                sasl.jaas.config=%susername="presage" password="%s";
                ssl.truststore.type=PEM
                ssl.truststore.location=%s
                """.formatted(LOGIN, password, directory.resolve("ca.pem")));
        return KafkaConnection.to("127.0.0.1:" + port).withFile(file);
    }

    private static Object joined(Object before, Object more) {
        return before.toString() + more;
    }

    private void keytool(Object... arguments) throws Exception {
        List<String> command = Arrays.stream(arguments).map(Object::toString).collect(Collectors.toList());
        command.add(command.size() - 1, "-keystore");
        command.addFirst(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", "changeit"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
