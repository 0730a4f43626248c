package dev.presage.router.model;

import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.Alias;
import org.jspecify.annotations.Nullable;

/** Told of every change of the model in service, on the watcher's thread: must not throw. */
public interface ModelListener {
    ModelListener NONE = new ModelListener() {
        @Override
        public void swapped(VerifiedBundle bundle) {}

        @Override
        public void refused(String bundleId, String code) {}

        @Override
        public void unreachable() {}

        @Override
        public void withdrawn() {}
    };

    /** A bundle decides from now on. */
    void swapped(VerifiedBundle bundle);

    /** A bundle was not taken, the old one serves on; {@code code} as in {@link dev.presage.store.bundle.Refusal#code}. */
    void refused(String bundleId, String code);

    /** The store did not answer, or not with what it should; it is asked again. */
    void unreachable();

    /** The pool has no champion any more; no model decides. */
    void withdrawn();

    /** Another bundle is challenger or canary from now on; null when none is. */
    default void contends(Alias alias, @Nullable VerifiedBundle bundle) {}
}
