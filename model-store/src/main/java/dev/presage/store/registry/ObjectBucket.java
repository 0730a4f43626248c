package dev.presage.store.registry;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a registry needs of an object store: whole objects under keys, and writes that depend on what is there. An {@link IOException} leaves open
 * whether a write was done. Thread-safe.
 */
public interface ObjectBucket extends AutoCloseable {
    /**
     * An object as it was read.
     *
     * @param tag names this content of the key, for {@link #replace}
     */
    record Stored(byte[] bytes, String tag) {}

    /** A key and when it was last written, milliseconds since the epoch by the store's clock. */
    record Listed(String key, long writtenAtMs) {}

    /** At most {@code most} bytes of it; empty when there is none. */
    Optional<Stored> get(String key, int most) throws IOException;

    /** Writes a new object and gives its tag; empty, and nothing written, when there is one. */
    Optional<String> create(String key, byte[] bytes) throws IOException;

    /** Writes over the content with this tag and gives the new tag; empty, and nothing written, when it is not there. */
    Optional<String> replace(String key, byte[] bytes, String tag) throws IOException;

    /** One that is not there is deleted already. */
    void delete(String key) throws IOException;

    /** All objects whose key starts so, by key. */
    List<Listed> list(String prefix) throws IOException;

    /** For people: where it is. */
    @Override
    String toString();

    @Override
    void close();
}
