package dev.presage.trainer.service;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.PublishOutcome;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Brings a bundle into the store and makes it the champion. One thread. */
final class Publisher {
    private static final int TRIES = 3;

    private final ModelRegistry registry;
    private final String pool;
    private final String actor;

    Publisher(ModelRegistry registry, String pool, String actor) {
        this.registry = registry;
        this.pool = pool;
        this.actor = actor;
    }

    /** What came of it. */
    sealed interface Result {
        record Serving(BundleId bundle) implements Result {}

        /** The store will not take it, now or later. */
        record Refused(String why) implements Result {}
    }

    /** The champion now; empty when there is none or the store cannot be asked. */
    Optional<BundleId> champion() {
        try {
            return registry.pool(pool).bundle(Alias.CHAMPION);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Publishes and promotes; an {@link IOException} means that the store is away and it is worth trying again. */
    Result publish(BundleArchive archive, Map<String, String> evidence) throws IOException {
        if (registry.publish(pool, archive.bytes(), actor) instanceof PublishOutcome.Refused refused) {
            return new Result.Refused(refused.message());
        }
        for (int attempt = 0; attempt < TRIES; attempt++) {
            PoolState state = registry.pool(pool);
            ChangeOutcome outcome = registry.change(new MoveRequest(
                    pool,
                    Alias.CHAMPION,
                    archive.id(),
                    state.revision(),
                    actor,
                    "retrained on newer samples",
                    evidence));
            switch (outcome) {
                case ChangeOutcome.Changed moved -> {
                    return new Result.Serving(archive.id());
                }
                case ChangeOutcome.Unchanged unchanged -> {
                    return new Result.Serving(archive.id());
                }
                case ChangeOutcome.Conflict conflict -> {
                    // Somebody moved an alias in between: decide again on what is there now.
                }
                case ChangeOutcome.Refused refused -> {
                    return new Result.Refused(refused.problem());
                }
            }
        }
        throw new IOException("aliases of pool " + pool + " moved " + TRIES + " times while promoting");
    }
}
