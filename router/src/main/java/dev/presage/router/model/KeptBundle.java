package dev.presage.router.model;

import dev.presage.store.registry.Alias;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The last good bundle on the router's own disk, so that a restart serves at once with everything else down. */
final class KeptBundle {
    private final Path file;

    KeptBundle(Path directory, Alias alias) {
        this.file = directory.resolve(alias.key() + ".zip");
    }

    Optional<byte[]> read() throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Appears whole or not at all. */
    void write(byte[] archive) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".part");
        Files.createDirectories(draft.toAbsolutePath().getParent());
        Files.write(draft, archive);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
