package dev.presage.router.discovery;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.yaml.InvalidDocumentException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the endpoints of a file, and again whenever its content changes. {@link #close} ends its thread. */
public final class FileDiscovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileDiscovery.class);

    private final WatchedFile file;

    private FileDiscovery(WatchedFile file) {
        this.file = file;
    }

    /**
     * Loads the file, publishes it and, if {@code watchFile}, starts to follow it.
     *
     * @param publish receives each good set of endpoints, one call at a time
     * @throws InvalidDocumentException if the first content is not valid
     * @throws UncheckedIOException if it cannot be read
     */
    public static FileDiscovery start(
            Path path, boolean watchFile, Consumer<List<Endpoint>> publish, DiscoveryListener listener) {
        return new FileDiscovery(WatchedFile.start(
                path,
                watchFile,
                EndpointsFile.MAX_BYTES,
                "endpoints",
                bytes -> {
                    List<Endpoint> endpoints = EndpointsFile.parse(path.toString(), bytes);
                    publish.accept(endpoints);
                    listener.loaded(endpoints.size());
                    LOG.info("{} endpoints from {}", endpoints.size(), path);
                },
                reason -> {
                    LOG.warn("endpoints stay as they are: {}", reason);
                    listener.rejected(reason);
                }));
    }

    /** Stops watching; the endpoints stay published. */
    @Override
    public void close() {
        file.close();
    }
}
