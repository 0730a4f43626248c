package dev.presage.router.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.pipeline.proto.FlightEvent;
import dev.presage.pipeline.proto.FlightSent;
import dev.presage.router.peer.Flight;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlightRecordsTest {
    private final FlightRecords mine = new FlightRecords("me", "pool");
    private final FlightRecords theirs = new FlightRecords("they", "pool");

    @Test
    void newsComesThroughAsItWasTold() {
        long[] blocks = {1, -2, Long.MAX_VALUE};
        Flight.Sent sent = new Flight.Sent("r", 7, "10.0.0.1:8000", 100, 30, blocks);
        Flight.Sent read = (Flight.Sent) mine.read(theirs.write(sent)).orElseThrow();
        assertEquals("10.0.0.1:8000", read.address());
        assertEquals(100, read.promptTokens());
        assertEquals(30, read.cachedTokens());
        assertArrayEquals(blocks, read.blocks());
        for (Flight flight : new Flight[] {new Flight.FirstToken("r", 8), new Flight.Ended("r", 9, true, 40)}) {
            assertEquals(Optional.of(flight), mine.read(theirs.write(flight)));
        }
    }

    @Test
    void ownNewsOtherPoolsAndNonsenseAreNoNews() {
        Flight first = new Flight.FirstToken("r", 8);
        assertEquals(Optional.empty(), mine.read(mine.write(first)));
        assertEquals(Optional.empty(), mine.read(new FlightRecords("they", "elsewhere").write(first)));
        assertEquals(
                Optional.empty(),
                mine.read(FlightEvent.newBuilder()
                        .setRouterId("they")
                        .setPool("pool")
                        .build()));
        FlightEvent wrong = theirs.write(first).toBuilder()
                .setSent(FlightSent.newBuilder().setPromptTokens(5).setCachedTokens(6))
                .build();
        assertEquals(Optional.empty(), mine.read(wrong));
    }

    @Test
    void longPromptsAreToldByTheirBeginning() {
        Flight.Sent sent = new Flight.Sent("r", 7, "a", 1 << 20, 0, new long[FlightRecords.MAX_BLOCKS + 9]);
        assertEquals(FlightRecords.MAX_BLOCKS, theirs.write(sent).getSent().getPrefixBlocksCount());
    }
}
