package dev.presage.store.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.bundle.BundleId;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BucketRegistryTest extends RegistryContract {
    private final MemoryBucket bucket = new MemoryBucket(() -> now);

    @Override
    protected StoredRegistry open(int keep) throws IOException {
        return open(bucket, keep);
    }

    private StoredRegistry open(ObjectBucket opened, int keep) throws IOException {
        return BucketRegistry.open(opened, READER, keep, () -> now);
    }

    @Override
    protected int reports() {
        return bucket.list("evidence/").size();
    }

    @Test
    void ofTwoProcessesOneWinsAndTheOtherDecidesAgain() throws IOException {
        BundleId first = publish(1);
        BundleId second = publish(2);
        StoredRegistry other = open(2);
        assertInstanceOf(ChangeOutcome.Changed.class, registry.change(move(Alias.CHAMPION, first, 0)));
        ChangeOutcome lost = other.change(move(Alias.CHAMPION, second, 0));
        assertEquals(
                "pool chat is at revision 1, not at the expected 0",
                assertInstanceOf(ChangeOutcome.Conflict.class, lost).message());
        BundleId third = publish(other, 3);
        BundleId fourth = publish(4);
        assertEquals(Map.of(Alias.CHAMPION, first), registry.pool("chat").aliases());
        assertTrue(registry.pool("chat").version(third).isPresent());
        assertTrue(registry.pool("chat").version(fourth).isPresent());
        assertEquals(
                LongStream.rangeClosed(1, 6).boxed().toList(),
                registry.audit("chat", 100).reversed().stream()
                        .map(AuditEntry::sequence)
                        .toList());
    }

    @Test
    void retentionOnAnOldViewDeletesNothingThatIsReferencedNow() throws IOException {
        BundleId first = publish(1);
        publish(2);
        StoredRegistry other = open(2);
        registry.change(move(Alias.CHAMPION, first, 0));
        publish(other, 3);
        publish(other, 4);
        assertTrue(other.archive(first).isPresent());
        assertEquals(Map.of(Alias.CHAMPION, first), other.pool("chat").aliases());
    }

    @Test
    void aWriteWhoseAnswerWasLostWasNotLost() throws IOException {
        BundleId first = publish(1);
        ObjectBucket repeating = new WrappedBucket(bucket) {
            @Override
            public Optional<String> replace(String key, byte[] bytes, String tag) throws IOException {
                super.replace(key, bytes, tag);
                return super.replace(key, bytes, tag);
            }
        };
        ChangeOutcome outcome = open(repeating, 2).change(move(Alias.CHAMPION, first, 0));
        assertEquals(
                1,
                assertInstanceOf(ChangeOutcome.Changed.class, outcome).state().revision());
        assertEquals(2, registry.audit("chat", 100).size());
    }

    @Test
    void theAuditLogGoesOnInAnotherSegment() throws IOException {
        BundleId first = publish(1);
        for (int revision = 0; revision < 150; revision++) {
            registry.change(new FreezeRequest("chat", revision % 2 == 0, revision, "ann", "n" + revision));
        }
        assertEquals(2, bucket.list("pools/chat/audit/").size());
        assertEquals(151, registry.audit("chat", Integer.MAX_VALUE).size());
        assertEquals("n149", registry.audit("chat", 1).getFirst().reason());
        assertEquals(first, registry.audit("chat", 1_000).getLast().bundle());
        assertEquals(60, registry.audit("chat", 60).size());
    }

    @Test
    void damagedStateIsAnErrorNotAnEmptyStore() throws IOException {
        publish(1);
        bucket.put("pools/chat/state.json", new byte[] {'{'});
        IOException damaged = assertThrows(IOException.class, () -> open(2));
        assertTrue(String.valueOf(damaged.getMessage()).startsWith("memory/pools/chat/state.json is damaged"));
    }
}
