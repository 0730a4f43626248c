package dev.presage.pipeline.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.presage.pipeline.topics.KafkaConnection;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SampleLogTest {
    @Test
    @Timeout(10)
    void closesWhileItWaitsForKafka() {
        KafkaConnection nowhere = KafkaConnection.to("127.0.0.1:1");
        AtomicInteger heard = new AtomicInteger();
        SampleLog log =
                SampleLog.follow(nowhere, "pool-a", StartFrom.earliest(), (sample, at) -> heard.incrementAndGet());
        log.close();
        log.close();
        assertEquals(0, heard.get());
    }

    @Test
    void fewerThanNoOffsetsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> StartFrom.last(-1));
        assertThrows(IllegalArgumentException.class, () -> new LogPosition(-1, 0));
    }
}
