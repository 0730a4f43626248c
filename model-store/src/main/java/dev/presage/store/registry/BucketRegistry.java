package dev.presage.store.registry;

import dev.presage.store.bundle.BundleReader;
import java.io.IOException;
import java.time.InstantSource;

/**
 * The registry in an object store. A change is committed by a conditional write of one pool's {@code state.json}: of two processes on the same
 * bucket one wins, and the other decides again on what it finds. Run one: a second one sees what the first did only when it writes itself.
 */
public final class BucketRegistry extends StoredRegistry {
    private final ObjectBucket bucket;

    private BucketRegistry(ObjectBucket bucket, BundleReader reader, int keep, InstantSource clock) {
        super(new BucketStorage(bucket, clock), reader, keep, clock);
        this.bucket = bucket;
    }

    /**
     * Reads what is there and finishes what a killed process left. The bucket is closed with the registry, or when this fails.
     *
     * @param keep versions without an alias to keep per pool, at least 1
     * @throws IOException when the bucket cannot be read, or an object is damaged
     */
    public static BucketRegistry open(ObjectBucket bucket, BundleReader reader, int keep, InstantSource clock)
            throws IOException {
        try {
            BucketRegistry registry = new BucketRegistry(bucket, reader, keep, clock);
            registry.start();
            return registry;
        } catch (Throwable e) {
            bucket.close();
            throw e;
        }
    }

    @Override
    public void close() {
        bucket.close();
    }

    @Override
    public String toString() {
        return bucket.toString();
    }
}
