package dev.presage.store.registry;

import java.io.IOException;
import java.util.Optional;

/** A bucket until the process is stopped; an object is never half written. */
final class StoppingBucket extends WrappedBucket {
    private final Stopper stopper;

    StoppingBucket(ObjectBucket bucket, Stopper stopper) {
        super(bucket);
        this.stopper = stopper;
    }

    @Override
    public Optional<String> create(String key, byte[] bytes) throws IOException {
        return stopper.step(() -> super.create(key, bytes), Optional::empty);
    }

    @Override
    public Optional<String> replace(String key, byte[] bytes, String tag) throws IOException {
        return stopper.step(() -> super.replace(key, bytes, tag), Optional::empty);
    }

    @Override
    public void delete(String key) throws IOException {
        stopper.step(
                () -> {
                    super.delete(key);
                    return true;
                },
                () -> false);
    }
}
