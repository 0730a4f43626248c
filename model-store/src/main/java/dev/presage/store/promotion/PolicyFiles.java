package dev.presage.store.promotion;

import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.StoreJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Policies in a directory, {@code POOL.yaml}; read anew each time, so that a change counts at once. Thread-safe. */
public final class PolicyFiles {
    private final Path directory;

    public PolicyFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * The pool's policy; empty when it has no file.
     *
     * @throws IOException when the file cannot be read or says what no policy says; nothing is promoted on a guess
     */
    public Optional<PromotionPolicy> of(String pool) throws IOException {
        Path file = directory.resolve(ModelCard.requirePool(pool) + ".yaml");
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            Object loaded =
                    new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromString(text);
            byte[] json = StoreJson.write(loaded == null ? Map.of() : loaded);
            return Optional.of(
                    StoreJson.readPartial(json, PromotionPolicy.Draft.class).complete());
        } catch (YamlEngineException | IllegalArgumentException e) {
            throw new IOException("policy " + file + ": " + e.getMessage(), e);
        }
    }
}
