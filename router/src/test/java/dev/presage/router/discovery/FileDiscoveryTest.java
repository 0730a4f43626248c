package dev.presage.router.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.yaml.InvalidDocumentException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiscoveryTest {
    @TempDir
    Path directory;

    private final BlockingQueue<List<String>> published = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> rejected = new LinkedBlockingQueue<>();
    private final DiscoveryListener listener = new DiscoveryListener() {
        @Override
        public void loaded(int endpoints) {}

        @Override
        public void rejected(String reason) {
            rejected.add(reason);
        }
    };

    @Test
    void followsRenamesAndKeepsTheEndpointsOfTheLastGoodFile() throws Exception {
        Path file = write("endpoints.yaml", endpoints("a"));
        try (FileDiscovery discovery = start(file)) {
            assertEquals(List.of("default/a-rank-0"), await(published));
            Files.move(write("next", endpoints("b", "c")), file, StandardCopyOption.ATOMIC_MOVE);
            assertEquals(List.of("default/b-rank-0", "default/c-rank-0"), await(published));
            Files.move(write("next", "endpoints: [{name: d}]"), file, StandardCopyOption.ATOMIC_MOVE);
            assertTrue(await(rejected).contains("endpoints[0] needs the field address"));
            Files.delete(file);
            assertTrue(await(rejected).contains("cannot read"));
            Files.move(write("next", endpoints("e")), file, StandardCopyOption.ATOMIC_MOVE);
            assertEquals(List.of("default/e-rank-0"), await(published));
        }
        assertEquals(0, published.size());
    }

    @Test
    void seesTheSymlinkSwapOfAMountedConfigMap() throws Exception {
        Files.createDirectories(directory.resolve("v1"));
        Files.createDirectories(directory.resolve("v2"));
        write("v1/endpoints.yaml", endpoints("a"));
        write("v2/endpoints.yaml", endpoints("b"));
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("v1"));
        Path file = Files.createSymbolicLink(directory.resolve("endpoints.yaml"), Path.of("..data/endpoints.yaml"));
        try (FileDiscovery discovery = start(file)) {
            assertEquals(List.of("default/a-rank-0"), await(published));
            Path swap = Files.createSymbolicLink(directory.resolve("..next"), Path.of("v2"));
            Files.move(swap, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            assertEquals(List.of("default/b-rank-0"), await(published));
        }
    }

    @Test
    void aBadFirstFileIsAFailureToStart() throws IOException {
        Path bad = write("endpoints.yaml", "endpoints: 1");
        assertThrows(InvalidDocumentException.class, () -> start(bad));
        assertThrows(UncheckedIOException.class, () -> start(directory.resolve("absent")));
    }

    private FileDiscovery start(Path file) {
        return FileDiscovery.start(
                file,
                true,
                endpoints -> published.add(endpoints.stream().map(Endpoint::id).toList()),
                listener);
    }

    private static <T> T await(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static String endpoints(String... names) {
        StringBuilder text = new StringBuilder("endpoints:\n");
        for (String name : names) {
            text.append("- {name: ").append(name).append(", address: 127.0.0.1, port: \"8000\"}\n");
        }
        return text.toString();
    }
}
