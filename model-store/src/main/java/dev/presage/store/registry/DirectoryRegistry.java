package dev.presage.store.registry;

import dev.presage.store.bundle.BundleReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** The registry in a directory that one process owns. A change is committed by the rename of one pool's {@code state.json}. */
public final class DirectoryRegistry extends StoredRegistry {
    private final Path root;
    private final DirectoryLock lock;

    private DirectoryRegistry(
            Path root, DirectoryLock lock, Storage storage, BundleReader reader, int keep, InstantSource clock) {
        super(storage, reader, keep, clock);
        this.root = root;
        this.lock = lock;
    }

    /**
     * Opens or creates the directory and finishes what a killed process left.
     *
     * @param keep versions without an alias to keep per pool, at least 1
     * @throws IOException when another process has it open, or a file is damaged
     */
    public static DirectoryRegistry open(Path root, BundleReader reader, int keep, InstantSource clock)
            throws IOException {
        return open(root, reader, keep, clock, new DurableFiles());
    }

    static DirectoryRegistry open(Path root, BundleReader reader, int keep, InstantSource clock, FileOperations files)
            throws IOException {
        DirectoryLock lock = DirectoryLock.acquire(root);
        try {
            DirectoryRegistry registry =
                    new DirectoryRegistry(root, lock, new StoreDirectory(root, files), reader, keep, clock);
            registry.start();
            return registry;
        } catch (Throwable e) {
            lock.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
