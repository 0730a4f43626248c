package dev.presage.router.discovery;

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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out the content of a file, and again whenever it changes. The directory is watched rather than the file, so that an
 * atomic rename and the symlink swap of a mounted ConfigMap are seen. One virtual thread, owned here; {@link #close} ends it.
 */
final class WatchedFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
    /** A writer that does not rename needs a moment to finish; reading goes on when the directory is quiet this long. */
    private static final long SETTLE_MS = 20;
    /** A directory that is never quiet is read all the same, every half second. */
    private static final int MAX_SETTLES = 25;

    private final Path file;
    private final int maxBytes;
    private final Consumer<byte[]> content;
    private final Consumer<String> rejected;
    private final @Nullable WatchService watch;
    private final @Nullable Thread thread;
    private byte[] seen = {};

    private WatchedFile(
            Path file,
            int maxBytes,
            Consumer<byte[]> content,
            Consumer<String> rejected,
            @Nullable WatchService watch,
            String threadName) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.content = content;
        this.rejected = rejected;
        this.watch = watch;
        this.thread = watch == null ? null : Thread.ofVirtual().name(threadName).unstarted(() -> follow(watch));
    }

    /**
     * Reads the file and, if {@code watched}, starts to follow it.
     *
     * @param maxBytes of a longer file one byte more than this is read
     * @param content receives each new content, one call at a time; what it throws refuses the content
     * @param rejected receives why a later content was refused
     * @throws RuntimeException what {@code content} throws the first time
     * @throws UncheckedIOException if the file cannot be read
     */
    static WatchedFile start(
            Path path,
            boolean watched,
            int maxBytes,
            String what,
            Consumer<byte[]> content,
            Consumer<String> rejected) {
        Path file = path.toAbsolutePath();
        try {
            WatchService watch = watched ? watchDirectory(file) : null;
            WatchedFile started = new WatchedFile(file, maxBytes, content, rejected, watch, "presage-" + what);
            try {
                started.load();
            } catch (IOException | RuntimeException e) {
                started.close();
                throw e;
            }
            if (started.thread != null) {
                started.thread.start();
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + what + " file " + file + ": " + e.getMessage(), e);
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
                        rejected.accept("directory of " + file + " is gone; no longer watched");
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
            rejected.accept(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            rejected.accept("cannot read " + file + ": " + e);
        }
    }

    private void load() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(maxBytes + 1);
        }
        if (!Arrays.equals(bytes, seen)) {
            seen = bytes;
            content.accept(bytes);
        }
    }

    /** Stops watching. */
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
