package dev.presage.testbed.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvoyBinaryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @Test
    void prefersWhatIsNamedThenThePathThenTheCache() throws Exception {
        Path given = executable("given/envoy");
        Path variable = executable("variable/envoy");
        Path onPath = executable("bin/envoy");
        Path cached = executable(".cache/presage/envoy/" + EnvoyBinary.VERSION + "/envoy");
        String path = home.resolve("empty") + ":" + onPath.getParent();
        assertEquals(Optional.of(given), find(Map.of("ENVOY_PATH", variable.toString(), "PATH", path), given));
        assertEquals(Optional.of(variable), find(Map.of("ENVOY_PATH", variable.toString(), "PATH", path), null));
        assertEquals(Optional.of(onPath), find(Map.of("PATH", path), null));
        assertEquals(Optional.of(cached), find(Map.of("PATH", ""), null));
    }

    @Test
    void refusesANameThatCannotBeRun() {
        Path missing = home.resolve("missing");
        assertThrows(GatewayException.class, () -> find(Map.of(), missing));
        assertThrows(GatewayException.class, () -> find(Map.of("ENVOY_PATH", missing.toString()), null));
    }

    @Test
    void findsNothingWithoutEnvoyAndWithoutPython() throws Exception {
        assertTrue(find(Map.of("PATH", home.toString()), null).isEmpty());
    }

    private Optional<Path> find(Map<String, String> environment, @org.jspecify.annotations.Nullable Path given)
            throws GatewayException {
        return new EnvoyBinary(environment, home).find(given);
    }

    private Path executable(String name) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }
}
