package dev.presage.pipeline.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaConnectionTest {
    @TempDir
    Path directory;

    @Test
    void aFilesPropertiesPassThroughButNotTheAddress() throws IOException {
        Path file = directory.resolve("client.properties");
        Files.writeString(file, "security.protocol=SASL_SSL\nsasl.jaas.config=secret\nbootstrap.servers=elsewhere:1\n");
        KafkaConnection connection = KafkaConnection.to("127.0.0.1:9092").withFile(file);
        Properties properties = connection.properties("me");
        assertEquals("SASL_SSL", properties.get("security.protocol"));
        assertEquals("127.0.0.1:9092", properties.get("bootstrap.servers"));
        assertEquals("me", properties.get("client.id"));
        assertEquals("KafkaConnection[127.0.0.1:9092]", connection.toString(), "no secret is printed");
    }

    @Test
    void whatCannotBeUsedIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> KafkaConnection.to(" "));
        KafkaConnection connection = KafkaConnection.to("127.0.0.1:9092");
        assertThrows(UncheckedIOException.class, () -> connection.withFile(directory.resolve("absent")));
    }
}
