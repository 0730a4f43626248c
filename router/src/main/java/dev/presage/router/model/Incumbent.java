package dev.presage.router.model;

import dev.presage.router.predict.ServingModel;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.Refusal;
import dev.presage.store.bundle.Verification;
import dev.presage.store.bundle.VerifiedBundle;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundle in service, and the rule by which another takes its place. Confined to the watcher's thread. */
final class Incumbent {
    private static final Logger LOG = LoggerFactory.getLogger(Incumbent.class);

    private final String pool;
    private final BundleReader reader;
    private final KeptBundle kept;
    private final Consumer<@Nullable ServingModel> serve;
    private final ModelListener listener;
    private @Nullable BundleId serving;
    private @Nullable BundleId refused;

    Incumbent(
            String pool,
            BundleReader reader,
            KeptBundle kept,
            Consumer<@Nullable ServingModel> serve,
            ModelListener listener) {
        this.pool = pool;
        this.reader = reader;
        this.kept = kept;
        this.serve = serve;
        this.listener = listener;
    }

    /** Serves the bundle of an earlier run, if there is a good one. */
    void restore() {
        try {
            Optional<byte[]> archive = kept.read();
            if (archive.isPresent()) {
                take(reader.verify(archive.get()), "kept");
            }
        } catch (IOException e) {
            LOG.warn("the kept model cannot be read: {}", e.toString());
        }
    }

    /** Whether there is anything to do for this bundle: a refused one is not tried again. */
    boolean isNews(BundleId bundle) {
        return !bundle.equals(serving) && !bundle.equals(refused);
    }

    /** Serves the archive if it is the bundle and passes every check. */
    void replace(BundleId expected, byte[] archive) {
        if (!take(reader.verify(archive, expected), expected.value())) {
            refused = expected;
            return;
        }
        try {
            kept.write(archive);
        } catch (IOException e) {
            LOG.warn("the model serves but cannot be kept for a restart: {}", e.toString());
        }
    }

    private boolean take(Verification verification, String name) {
        return switch (verification) {
            case Verification.Refused(Refusal refusal) -> refuse(name, refusal);
            case VerifiedBundle bundle
            when !bundle.manifest().card().pool().equals(pool) ->
                refuse(
                        name,
                        new Refusal.PoolMismatch(pool, bundle.manifest().card().pool()));
            case VerifiedBundle bundle -> accept(bundle);
        };
    }

    private boolean refuse(String name, Refusal refusal) {
        LOG.warn("bundle {} is refused, the old one serves on: {}", name, refusal.message());
        listener.refused(name, refusal.code());
        return false;
    }

    private boolean accept(VerifiedBundle bundle) {
        Instant trainedAt =
                Instant.ofEpochMilli(bundle.manifest().card().window().toMs());
        serve.accept(new ServingModel(bundle.id().value(), bundle.predictor(), trainedAt));
        serving = bundle.id();
        refused = null;
        LOG.info("bundle {} serves, trained on data up to {}", bundle.id(), trainedAt);
        listener.swapped(bundle);
        return true;
    }

    /** There is no champion. */
    void withdraw() {
        if (serving == null) {
            return;
        }
        serve.accept(null);
        serving = null;
        try {
            kept.remove();
        } catch (IOException e) {
            LOG.warn("the kept model cannot be removed: {}", e.toString());
        }
        LOG.info("the pool {} has no champion: no model decides", pool);
        listener.withdrawn();
    }
}
