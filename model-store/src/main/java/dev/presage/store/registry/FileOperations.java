package dev.presage.store.registry;

import java.io.IOException;
import java.nio.file.Path;

/** Every change that the registry makes on disk. A seam: tests stop the process between any two of them. */
interface FileOperations {
    void createDirectories(Path directory) throws IOException;

    /** Writes a new file and its bytes through to the disk. */
    void write(Path file, byte[] bytes) throws IOException;

    /** Appends through to the disk, creating the file when needed. */
    void append(Path file, byte[] bytes) throws IOException;

    /** Cuts the file at {@code length}. */
    void truncate(Path file, long length) throws IOException;

    /** Renames within the file system, replacing the target, and makes the rename durable. */
    void replace(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;
}
