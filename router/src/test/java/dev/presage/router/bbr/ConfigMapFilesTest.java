package dev.presage.router.bbr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigMapFilesTest {
    private static final Duration NEVER = Duration.ofDays(1);

    private final BaseModels bases = new BaseModels();

    @TempDir
    Path root = Path.of(".");

    @Test
    void aMountedConfigMapIsFollowed() throws IOException {
        Files.writeString(root.resolve("baseModel"), "llama\n");
        Files.writeString(root.resolve("adapters"), "- ski\n- \" movie \"\n- \"\"\n");
        try (ConfigMapFiles files = ConfigMapFiles.follow(List.of(root), bases, NEVER)) {
            assertEquals("llama", bases.of("ski"));
            assertEquals("llama", bases.of("movie"));
            assertEquals("llama", bases.of("llama"));
            Files.writeString(root.resolve("adapters"), "- surf");
            files.look();
            assertEquals("", bases.of("ski"));
            assertEquals("llama", bases.of("surf"));
        }
    }

    @Test
    void aDirectoryHoldsSeveral() throws IOException {
        Path mounted = Files.createDirectory(root.resolve("one"));
        Files.writeString(mounted.resolve("baseModel"), "llama");
        Path manifest = Files.writeString(root.resolve("two.yaml"), """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: qwen-adapters}
                data:
                  baseModel: qwen
                  adapters: |
                    - chess
                """);
        try (ConfigMapFiles files = ConfigMapFiles.follow(List.of(root), bases, NEVER)) {
            assertEquals("llama", bases.of("llama"));
            assertEquals("qwen", bases.of("chess"));
            Files.delete(manifest);
            files.look();
            assertEquals("", bases.of("chess"));
        }
    }

    @Test
    void aSourceThatCannotBeReadKeepsWhatItSaid() throws IOException {
        Path file = Files.writeString(root.resolve("map.yaml"), "{baseModel: llama, adapters: [ski]}");
        try (ConfigMapFiles files = ConfigMapFiles.follow(List.of(file), bases, NEVER)) {
            Files.writeString(file, "{adapters: [surf]}");
            files.look();
            assertEquals("llama", bases.of("ski"));
            Files.delete(file);
            files.look();
            assertEquals("llama", bases.of("ski"));
        }
    }
}
