package dev.presage.store.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.registry.BucketRegistry;
import dev.presage.store.registry.RegistryContract;
import dev.presage.store.registry.StoredRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every registry does, over a server that speaks S3; each test below a prefix of its own. */
class S3RegistryIT extends RegistryContract {
    @TempDir
    static Path root;

    private static MotoServer moto;

    private final String prefix = UUID.randomUUID().toString();

    S3RegistryIT() {
        // The server dates what is written by its own clock.
        now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @BeforeAll
    static void serve() throws Exception {
        moto = MotoServer.start(root);
    }

    @AfterAll
    static void end() throws Exception {
        if (moto != null) {
            moto.close();
        }
    }

    @Override
    protected StoredRegistry open(int keep) throws IOException {
        return BucketRegistry.open(moto.bucket(prefix), READER, keep, () -> now);
    }

    @Override
    protected int reports() throws IOException {
        try (S3Bucket bucket = moto.bucket(prefix)) {
            return bucket.list("evidence/").size();
        }
    }

    @Test
    void writesDependOnWhatIsThere() throws IOException {
        try (S3Bucket bucket = moto.bucket(prefix)) {
            byte[] one = {1};
            byte[] two = {2};
            String tag = bucket.create("x/a", one).orElseThrow();
            assertTrue(bucket.create("x/a", two).isEmpty());
            String next = bucket.replace("x/a", two, tag).orElseThrow();
            assertTrue(bucket.replace("x/a", one, tag).isEmpty());
            assertTrue(bucket.replace("x/absent", one, tag).isEmpty());
            assertArrayEquals(two, bucket.get("x/a", 10).orElseThrow().bytes());
            assertEquals(next, bucket.get("x/a", 10).orElseThrow().tag());
            bucket.create("x/b", one);
            assertEquals(
                    List.of("x/a", "x/b"),
                    bucket.list("x/").stream().map(listed -> listed.key()).toList());
            bucket.delete("x/a");
            bucket.delete("x/a");
            assertTrue(bucket.get("x/a", 10).isEmpty());
        }
    }

    @Test
    void aServerThatIsAwayIsAnErrorThatNamesIt() {
        S3Place away = new S3Place(
                "presage", "", Optional.of(URI.create("http://127.0.0.1:1")), Optional.empty(), Duration.ofSeconds(5));
        IOException refused =
                assertThrows(IOException.class, () -> BucketRegistry.open(S3Bucket.at(away), READER, 2, () -> now));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("S3 list s3://presage/"), refused.toString());
        assertThrows(
                IllegalArgumentException.class, () -> S3Place.of("No_Bucket/x", Optional.empty(), Optional.empty()));
    }
}
