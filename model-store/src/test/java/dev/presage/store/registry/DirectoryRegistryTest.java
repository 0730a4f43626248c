package dev.presage.store.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryRegistryTest extends RegistryContract {
    @TempDir
    Path root;

    @Override
    protected StoredRegistry open(int keep) throws IOException {
        return DirectoryRegistry.open(root, READER, keep, () -> now);
    }

    @Override
    protected int reports() throws IOException {
        try (Stream<Path> paths = Files.list(root.resolve("evidence"))) {
            return (int) paths.count();
        }
    }

    @Test
    void oneProcessAtATime() {
        IOException inUse = assertThrows(IOException.class, () -> open(2));
        assertEquals("store directory " + root + " is in use by another process", inUse.getMessage());
    }

    @Test
    void damagedStateIsAnErrorNotAnEmptyStore() throws IOException {
        publish(1);
        registry.close();
        Files.writeString(root.resolve("pools/chat/state.json"), "{");
        IOException damaged = assertThrows(IOException.class, () -> open(2));
        assertTrue(String.valueOf(damaged.getMessage()).contains("state.json is damaged"));
    }
}
