package dev.presage.trainer.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.BundleSigner;
import dev.presage.store.bundle.BundleWriter;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.service.StoreClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastChampionTest {
    private static final BundleReader ANYONE = new BundleReader(TrustPolicy.anyone());

    @TempDir
    Path root;

    private DirectoryRegistry registry;

    @BeforeEach
    void open() throws IOException {
        registry = DirectoryRegistry.open(root, ANYONE, 50, () -> Instant.ofEpochMilli(1));
    }

    @AfterEach
    void close() throws IOException {
        registry.close();
    }

    private BundleArchive champion(BundleWriter writer) throws IOException {
        BundleArchive archive = Traffic.champion(writer, Traffic.POOL, 300, 7);
        registry.publish(Traffic.POOL, archive.bytes(), "test");
        assertInstanceOf(
                ChangeOutcome.Changed.class,
                registry.change(new MoveRequest(
                        Traffic.POOL,
                        Alias.CHAMPION,
                        archive.id(),
                        registry.pool(Traffic.POOL).revision(),
                        "test",
                        "first",
                        Map.of())));
        return archive;
    }

    private LastChampion.Answer ask(BundleReader reader) throws IOException {
        return new LastChampion(registry, reader, Traffic.POOL).ask();
    }

    private static String code(LastChampion.Answer answer) {
        return assertInstanceOf(LastChampion.Answer.Cold.class, answer).code();
    }

    @Test
    void isReadWithWhatItWasLearnedFrom() throws IOException {
        BundleArchive archive = champion(BundleWriter.unsigned());
        Predecessor found =
                assertInstanceOf(LastChampion.Answer.Found.class, ask(ANYONE)).champion();
        assertEquals(archive.id(), found.bundle());
        assertEquals(300, found.samples());
        assertEquals(7, found.untilMs());
        assertTrue(found.start().work().size() == 2, found.start()::toString);
    }

    @Test
    void aPoolWithoutOne() throws IOException {
        assertEquals("no-champion", code(ask(ANYONE)));
    }

    @Test
    void aBundleThatIsGone() throws IOException {
        champion(BundleWriter.unsigned());
        for (Path file : archives()) {
            Files.delete(file);
        }
        assertEquals("no-bundle", code(ask(ANYONE)));
    }

    @Test
    void aBundleThatIsDamaged() throws IOException {
        champion(BundleWriter.unsigned());
        for (Path file : archives()) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }
        LastChampion.Answer.Cold cold = assertInstanceOf(LastChampion.Answer.Cold.class, ask(ANYONE));
        assertTrue(List.of("archive-malformed", "digest-mismatch").contains(cold.code()), cold::toString);
    }

    @Test
    void signaturesCountWhereTheyAreAskedFor() throws Exception {
        KeyPair trusted = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        BundleReader strict = new BundleReader(TrustPolicy.signedBy(List.of(trusted.getPublic())));
        champion(BundleWriter.signingWith(new BundleSigner(other.getPrivate())));
        assertEquals("signature-invalid", code(ask(strict)));
    }

    @Test
    void aStoreThatIsAwayIsAskedAgain() {
        try (StoreClient away =
                new StoreClient(URI.create("http://127.0.0.1:9"), Optional.empty(), Duration.ofSeconds(5))) {
            assertThrows(IOException.class, () -> new LastChampion(away, ANYONE, Traffic.POOL).ask());
        }
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> archives = files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".zip"))
                    .toList();
            assertEquals(1, archives.size(), archives::toString);
            return archives;
        }
    }
}
