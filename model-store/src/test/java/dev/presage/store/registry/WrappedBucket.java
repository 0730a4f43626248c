package dev.presage.store.registry;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Passes everything on; for tests that change one thing. */
class WrappedBucket implements ObjectBucket {
    private final ObjectBucket bucket;

    WrappedBucket(ObjectBucket bucket) {
        this.bucket = bucket;
    }

    @Override
    public Optional<Stored> get(String key, int most) throws IOException {
        return bucket.get(key, most);
    }

    @Override
    public Optional<String> create(String key, byte[] bytes) throws IOException {
        return bucket.create(key, bytes);
    }

    @Override
    public Optional<String> replace(String key, byte[] bytes, String tag) throws IOException {
        return bucket.replace(key, bytes, tag);
    }

    @Override
    public void delete(String key) throws IOException {
        bucket.delete(key);
    }

    @Override
    public List<Listed> list(String prefix) throws IOException {
        return bucket.list(prefix);
    }

    @Override
    public String toString() {
        return bucket.toString();
    }

    @Override
    public void close() {
        bucket.close();
    }
}
