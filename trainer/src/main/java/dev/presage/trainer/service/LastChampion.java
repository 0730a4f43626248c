package dev.presage.trainer.service;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.Refusal;
import dev.presage.store.bundle.Verification;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;
import java.util.Optional;

/** Asks the store what the pool's routers serve, when a trainer starts. One thread. */
final class LastChampion {
    private final ModelRegistry registry;
    private final BundleReader reader;
    private final String pool;

    LastChampion(ModelRegistry registry, BundleReader reader, String pool) {
        this.registry = registry;
        this.reader = reader;
        this.pool = pool;
    }

    /** What it says. */
    sealed interface Answer {
        record Found(Predecessor champion) implements Answer {}

        /**
         * Nothing to go on from.
         *
         * @param code short and stable: {@code no-champion}, {@code no-bundle}, or {@link Refusal#code}
         * @param message one sentence for people
         */
        record Cold(String code, String message) implements Answer {}
    }

    /** An {@link IOException} means that the store is away and it is worth asking again. */
    Answer ask() throws IOException {
        Optional<BundleId> champion = registry.pool(pool, 0).bundle(Alias.CHAMPION);
        if (champion.isEmpty()) {
            return new Answer.Cold("no-champion", "pool " + pool + " has no champion");
        }
        Optional<byte[]> archive = registry.archive(champion.get());
        if (archive.isEmpty()) {
            return new Answer.Cold("no-bundle", "the store has no bundle " + champion.get());
        }
        Verification verified = reader.verify(archive.get(), champion.get());
        return switch (verified) {
            case Verification.Refused refused -> cold(refused.refusal());
            case VerifiedBundle bundle -> {
                String owner = bundle.manifest().card().pool();
                yield owner.equals(pool)
                        ? new Answer.Found(Predecessor.of(bundle))
                        : cold(new Refusal.PoolMismatch(pool, owner));
            }
        };
    }

    private static Answer cold(Refusal refusal) {
        return new Answer.Cold(refusal.code(), refusal.message());
    }
}
