package dev.presage.pipeline.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.pipeline.proto.OutcomeEvent;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EventFormatTest {
    private static final OutcomeEvent OUTCOME =
            OutcomeEvent.newBuilder().setSchemaVersion(1).setRequestId("r").build();

    @Test
    void whatIsWrittenIsRead() {
        var decoded = EventFormat.OUTCOMES.decode(EventFormat.OUTCOMES.encode(OUTCOME));
        assertEquals(new Decoded.Event<>(OUTCOME), decoded);
        assertEquals("r", EventFormat.OUTCOMES.record(OUTCOME).key());
    }

    @Test
    void anAliasIsKeyedByPoolAndName() {
        var moved = AliasMoved.newBuilder()
                .setSchemaVersion(1)
                .setPool("p")
                .setAlias("champion")
                .build();
        assertEquals("p/champion", EventFormat.MODELS.key(moved));
        assertEquals("", EventFormat.MODELS.key(moved.toBuilder().clearPool().build()));
    }

    @Test
    void writersOfUnreadableEventsAreToldSo() {
        var noVersion = OUTCOME.toBuilder().clearSchemaVersion().build();
        var noKey = OUTCOME.toBuilder().clearRequestId().build();
        assertThrows(IllegalArgumentException.class, () -> EventFormat.OUTCOMES.encode(noVersion));
        assertThrows(IllegalArgumentException.class, () -> EventFormat.OUTCOMES.encode(noKey));
    }

    @Test
    void aNewerSchemaIsRefusedByItsNumber() {
        var newer = OUTCOME.toBuilder().setSchemaVersion(7).build().toByteArray();
        assertEquals(
                new Decoded.Undecodable<OutcomeEvent>("schema version 7 is not within 1..1"),
                EventFormat.OUTCOMES.decode(newer));
        assertInstanceOf(Decoded.Undecodable.class, EventFormat.OUTCOMES.decode(null));
    }

    @Property(tries = 2_000)
    void noBytesMakeItThrow(@ForAll byte[] bytes) {
        EventFormat.DECISIONS.decode(bytes);
        EventFormat.OUTCOMES.decode(bytes);
        EventFormat.SAMPLES.decode(bytes);
        EventFormat.MODELS.decode(bytes);
    }
}
