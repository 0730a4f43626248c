package dev.presage.router.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.MoveRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySourceTest {
    @TempDir
    Path directory;

    @Test
    void aStoreThatIsOpenElsewhereCanBeRead() throws IOException {
        BundleArchive archive = Bundles.archive("p", 1);
        try (DirectoryRegistry registry = DirectoryRegistry.open(
                directory, new BundleReader(TrustPolicy.anyone()), 10, () -> Instant.ofEpochMilli(1))) {
            BundleSource source = BundleSource.of(directory);
            assertEquals(new BundleSource.Champion(0, Optional.empty()), source.champion("p"));
            registry.publish("p", archive.bytes(), "test");
            registry.change(new MoveRequest("p", Alias.CHAMPION, archive.id(), 0, "test", "because", Map.of()));
            assertEquals(new BundleSource.Champion(1, Optional.of(archive.id())), source.champion("p"));
            assertEquals(source.champion("p"), BundleSource.of(registry).champion("p"));
            assertArrayEquals(archive.bytes(), source.archive(archive.id()).orElseThrow());
            assertEquals(
                    Optional.empty(), source.archive(Bundles.archive("p", 2).id()));
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsAnOutageAndNotAnEmptyStore() {
        assertThrows(IOException.class, () -> BundleSource.of(directory.resolve("absent"))
                .champion("p"));
    }
}
