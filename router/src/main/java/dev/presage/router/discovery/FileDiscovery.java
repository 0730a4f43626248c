package dev.presage.router.discovery;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.yaml.InvalidDocumentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the endpoints of a file, and again whenever its content changes. The directory is watched rather than the file,
 * so that an atomic rename and the symlink swap of a mounted ConfigMap are seen. One virtual thread, owned here; {@link
 * #close} ends it.
 */
public final class FileDiscovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileDiscovery.class);
    /** A writer that does not rename needs a moment to finish; reading goes on when the directory is quiet this long. */
    private static final long SETTLE_MS = 20;
    /** A directory that is never quiet is read all the same, every half second. */
    private static final int MAX_SETTLES = 25;

    private final Path file;
    private final Consumer<List<Endpoint>> publish;
    private final DiscoveryListener listener;
    private final @Nullable WatchService watch;
    private final @Nullable Thread thread;
    private byte[] seen = {};

    private FileDiscovery(
            Path file, Consumer<List<Endpoint>> publish, DiscoveryListener listener, @Nullable WatchService watch) {
        this.file = file;
        this.publish = publish;
        this.listener = listener;
        this.watch = watch;
        this.thread = watch == null
                ? null
                : Thread.ofVirtual().name("presage-discovery").unstarted(() -> follow(watch));
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
        Path file = path.toAbsolutePath();
        try {
            WatchService watch = watchFile ? watchDirectory(file) : null;
            FileDiscovery discovery = new FileDiscovery(file, publish, listener, watch);
            try {
                discovery.load();
            } catch (IOException | RuntimeException e) {
                discovery.close();
                throw e;
            }
            if (discovery.thread != null) {
                discovery.thread.start();
            }
            return discovery;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read endpoints file " + file + ": " + e.getMessage(), e);
        }
    }

    private static WatchService watchDirectory(Path file) throws IOException {
        Path directory = file.getParent();
        WatchService watch = file.getFileSystem().newWatchService();
        try {
            (directory == null ? file : directory)
                    .register(
                            watch,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
            return watch;
        } catch (IOException e) {
            watch.close();
            throw e;
        }
    }

    private void follow(WatchService service) {
        try {
            while (true) {
                WatchKey key = service.take();
                for (int settles = 0; key != null && settles < MAX_SETTLES; settles++) {
                    key.pollEvents();
                    if (!key.reset()) {
                        reject("directory of " + file + " is gone; no longer watched");
                        return;
                    }
                    key = service.poll(SETTLE_MS, TimeUnit.MILLISECONDS);
                }
                reload();
            }
        } catch (ClosedWatchServiceException e) {
            LOG.debug("no longer watching {}", file);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reload() {
        try {
            load();
        } catch (RuntimeException e) {
            reject(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            reject("cannot read " + file + ": " + e);
        }
    }

    private void load() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(EndpointsFile.MAX_BYTES + 1);
        }
        if (Arrays.equals(bytes, seen)) {
            return;
        }
        seen = bytes;
        List<Endpoint> endpoints = EndpointsFile.parse(file.toString(), bytes);
        publish.accept(endpoints);
        listener.loaded(endpoints.size());
        LOG.info("{} endpoints from {}", endpoints.size(), file);
    }

    private void reject(String reason) {
        LOG.warn("endpoints stay as they are: {}", reason);
        listener.rejected(reason);
    }

    /** Stops watching; the endpoints stay published. */
    @Override
    public void close() {
        if (watch == null) {
            return;
        }
        try {
            watch.close();
        } catch (IOException e) {
            LOG.warn("closing the watch of {}: {}", file, e.toString());
        }
        if (thread != null && thread.isAlive()) {
            thread.interrupt();
        }
    }
}
