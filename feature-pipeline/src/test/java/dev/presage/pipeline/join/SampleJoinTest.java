package dev.presage.pipeline.join;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.presage.pipeline.topics.KafkaConnection;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SampleJoinTest {
    @TempDir
    Path directory;

    @Test
    @Timeout(10)
    void closesWhileItWaitsForKafka() {
        KafkaConnection nowhere = KafkaConnection.to("127.0.0.1:1");
        SampleJoin join = SampleJoin.start(nowhere, JoinSettings.in(directory), JoinListener.NONE);
        assertFalse(join.isRunning());
        join.close();
        join.close();
    }
}
