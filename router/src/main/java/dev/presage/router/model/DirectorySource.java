package dev.presage.router.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.registry.Alias;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a store's directory without its lock: every file there appears whole, by a rename. */
final class DirectorySource implements BundleSource {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;

    DirectorySource(Path root) {
        this.root = root;
    }

    @Override
    public Position position(String pool, Alias alias) throws IOException {
        Path pools = root.resolve("pools");
        if (!Files.isDirectory(pools)) {
            throw new IOException(root + " is no store directory");
        }
        Path file = pools.resolve(ModelCard.requirePool(pool)).resolve("state.json");
        try {
            JsonNode state = JSON.readTree(Files.readAllBytes(file)).path("state");
            if (!state.path("revision").isIntegralNumber()) {
                throw new IOException(file + " has no revision");
            }
            String bundle = state.path("aliases").path(alias.key()).asText("");
            return new Position(
                    state.path("revision").asLong(),
                    bundle.isEmpty() ? Optional.empty() : Optional.of(BundleId.parse(bundle)));
        } catch (NoSuchFileException e) {
            return new Position(0, Optional.empty());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(file + " is damaged", e);
        }
    }

    @Override
    public Optional<byte[]> archive(BundleId bundle) throws IOException {
        Path file = root.resolve("bundles").resolve(bundle.value() + ".zip");
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(in.readNBytes(BundleArchive.MAX_BYTES + 1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
